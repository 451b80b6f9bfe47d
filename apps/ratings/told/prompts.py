"""What each prompt of a set tells of the models: how hard it is to do better, and whether strong and weak differ."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.prompts.models import PromptSet
from apps.prompts.queries import prompts_of
from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import LEAST, Column, FlatRow, Told, interval_columns, percent
from apps.ratings.told.found import found_rows

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MAP = "prompts"
COLUMNS = (
    Column("prompt", gettext_lazy("Prompt"), "prompt"),
    Column("category", gettext_lazy("Category"), "text"),
    *interval_columns("undecided", gettext_lazy("Difficulty: neither better"), "percent", "undecided_"),
    *interval_columns("discrimination", gettext_lazy("Discrimination"), "hundredths", "discrimination_"),
    Column("n", gettext_lazy("Judgments"), "count"),
)


def view_of(prompt_set: PromptSet) -> str:
    """By which its map is known among the figures of a snapshot."""
    return f"prompts={prompt_set.slug}&version={prompt_set.version}"


def prompts_told(leaderboard: Leaderboard) -> Iterator[tuple[str, Told]]:
    """The view and the map of each prompt set of which two prompts or more can tell anything."""
    found = {row["prompt"]: row for row in found_rows(leaderboard, Finding.Name.PROMPTS)}
    for prompt_set in leaderboard.board.prompt_sets.order_by("pk") if found else ():
        rows = list(_rows(prompt_set, found))
        if len(rows) >= LEAST:
            yield view_of(prompt_set), _told(leaderboard, rows)


def _rows(prompt_set: PromptSet, found: dict[int, dict[str, Any]]) -> Iterator[FlatRow]:
    """In their order."""
    for place, prompt in enumerate(prompts_of(prompt_set), 1):
        told = found.get(prompt.pk)
        if told and told["discrimination"]["share"] is not None:
            yield {
                "prompt": prompt.key,
                "category": prompt.category.name,
                "slug": prompt_set.slug,
                "version": prompt_set.version,
                "place": place,
                "n": told["undecided"]["n"],
                **_measured(told, "undecided"),
                **_measured(told, "discrimination"),
            }


def _measured(told: dict[str, Any], name: str) -> FlatRow:
    return {name: told[name]["share"]} | {f"{name}_{end}": told[name][end] for end in ("lower", "upper")}


def _told(leaderboard: Leaderboard, rows: Sequence[FlatRow]) -> Told:
    caption = gettext_lazy(
        "By the judges of {board}. Further right, more verdicts find neither better. On the upper dashed line a prompt "
        "tells strong from weak as far as the whole board does; on the lower one not at all; below it the wrong way "
        "round."
    )
    return Told(
        name=MAP,
        title=gettext_lazy("How hard each prompt is, and what it tells"),
        caption=format_lazy(caption, board=leaderboard.board.title),
        summary=_summary(rows),
        columns=COLUMNS,
        rows=tuple(rows),
    )


def _summary(rows: Sequence[FlatRow]) -> "StrOrPromise":
    most, hardest = (max(rows, key=lambda row: row[name]) for name in ("discrimination", "undecided"))
    told = gettext_lazy(
        "{surely} of {n} prompts surely tell strong from weak, most of all {most}. On {hardest} it is hardest to do "
        "better: {share} of its verdicts find neither answer better."
    )
    shares = {"surely": sum(map(tells, rows)), "n": len(rows), "share": percent(hardest["undecided"])}
    return format_lazy(told, most=most["prompt"], hardest=hardest["prompt"], **shares)


def tells(row: FlatRow) -> bool:
    """Whether the interval of its discrimination lies above 0."""
    return row["discrimination_lower"] is not None and row["discrimination_lower"] > 0
