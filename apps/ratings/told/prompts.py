"""What each prompt of a set tells of the models: how hard it is to do better, and whether strong and weak differ."""

from collections.abc import Iterator, Sequence
from typing import Any

from apps.prompts.models import PromptSet
from apps.prompts.queries import prompts_of
from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import LEAST, Column, FlatRow, Told, interval_columns, percent
from apps.ratings.told.found import found_rows

MAP = "prompts"
COLUMNS = (
    Column("prompt", "Prompt", "prompt"),
    Column("category", "Category", "text"),
    *interval_columns("undecided", "Difficulty: neither better", "percent", "undecided_"),
    *interval_columns("discrimination", "Discrimination", "hundredths", "discrimination_"),
    Column("n", "Judgments", "count"),
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
    return Told(
        name=MAP,
        title="How hard each prompt is, and what it tells",
        caption=f"By the judges of {leaderboard.board.title}. Further right, more verdicts find neither better. "
        "On the upper dashed line a prompt tells strong from weak as far as the whole board does; on the lower one not "
        "at all; below it the wrong way round.",
        summary=_summary(rows),
        columns=COLUMNS,
        rows=tuple(rows),
    )


def _summary(rows: Sequence[FlatRow]) -> str:
    surely = sum(tells(row) for row in rows)
    most, hardest = max(rows, key=lambda row: row["discrimination"]), max(rows, key=lambda row: row["undecided"])
    return (
        f"{surely} of {len(rows)} prompts surely tell strong from weak, most of all {most['prompt']}. On "
        f"{hardest['prompt']} it is hardest to do better: {percent(hardest['undecided'])} of its verdicts find neither "
        "answer better."
    )


def tells(row: FlatRow) -> bool:
    """Whether the interval of its discrimination lies above 0."""
    return row["discrimination_lower"] is not None and row["discrimination_lower"] > 0
