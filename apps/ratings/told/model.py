"""One model: in which categories it is stronger, and how its rating moved from release to release."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from apps.contenders.models import Contender
from apps.ratings.change import changes
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.told import LEAST, Column, FlatRow, Told, eyes, interval_columns, judges_columns, sentences, written
from apps.ratings.told.card import model_card_told

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Ratings = dict[str, dict[int, Rating]]  # by whom, then by contender


def model_told(leaderboard: Leaderboard, contender: Contender, rater: Rater = ALL_JUDGES) -> list[Told]:
    told = (
        deviations_told(leaderboard, contender, rater),
        releases_told(leaderboard, contender, rater),
        model_card_told(leaderboard, contender, rater),
    )
    return [one for one in told if one]


def deviations_told(leaderboard: Leaderboard, contender: Contender, rater: Rater = ALL_JUDGES) -> Told | None:
    """Its rating in each category minus that over all of them; of the snapshot over all."""
    if leaderboard.category_id is not None:
        return None
    rows = [row for row in _deviations(leaderboard, contender, rater) if row["rating"] is not None]
    if len(rows) < LEAST:
        return None
    return Told(
        name="categories",
        title=gettext_lazy("Stronger and weaker categories"),
        caption=sentences(
            eyes(rater.of_judges),
            gettext_lazy(
                "Its rating in a category minus that over all of them, against the mean of the models rated in both. "
                "The two share evidence, so intervals are too wide rather than too narrow."
            ),
        ),
        summary=_where_it_differs(rows, rater),
        columns=(
            Column("model", gettext_lazy("Category"), "category"),
            *interval_columns("rating", _by(rater), "signed"),
            *interval_columns("human_rating", gettext_lazy("By people"), "signed", "human_"),
        ),
        rows=tuple(sorted(rows, key=lambda row: -row["rating"])),
    )


def _sides(rater: Rater) -> dict[str, str]:
    """Whose rating, with the prefix of its keys in a row."""
    return {rater.judged_by: "", Rating.By.HUMANS: "human_"}


def _both(rater: Rater) -> Q:
    return rater.of_judges.ratings | Q(by=Rating.By.HUMANS)


def _deviations(leaderboard: Leaderboard, contender: Contender, rater: Rater) -> Iterable[FlatRow]:
    of_release = Leaderboard.objects.filter(board=leaderboard.board_id, fitted_at=leaderboard.fitted_at)
    categories = of_release.exclude(category=None).select_related("category").order_by("category__name")
    overall = _ratings(leaderboard, rater) if len(categories) >= LEAST else {}
    for within in categories if overall else ():
        rows = _ratings(within, rater)
        if within.category and contender.pk in rows[rater.judged_by]:
            moved = _moved(rows, overall, contender, _sides(rater))
            yield {"model": within.category.name, "slug": within.category.slug} | moved


def _ratings(leaderboard: Leaderboard, rater: Rater) -> Ratings:
    found: Ratings = {by: {} for by in _sides(rater)}
    for row in map(rater.seen, Rating.objects.filter(_both(rater), leaderboard=leaderboard)):
        found[row.by][row.contender_id] = row
    return found


def _moved(within: Ratings, overall: Ratings, contender: Contender, sides: dict[str, str]) -> FlatRow:
    row: FlatRow = {}
    for by, whose in sides.items():
        moved = changes(within[by].values(), overall[by]).get(contender.pk)
        told = within[by].get(contender.pk)
        row |= {
            f"{whose}rating": moved.value if moved else None,
            f"{whose}lower": moved.lower if moved else None,
            f"{whose}upper": moved.upper if moved else None,
            f"{whose}bounded": bool(told and told.bounded),
        }
    return row


def _by(rater: Rater) -> "StrOrPromise":
    return format_lazy(gettext_lazy("By {judge}"), judge=rater.judge) if rater.judge else gettext_lazy("By judges")


def _where_it_differs(rows: Sequence[FlatRow], rater: Rater) -> "StrOrPromise":
    best, worst = max(rows, key=lambda row: row["rating"]), min(rows, key=lambda row: row["rating"])
    sure = sum(row["lower"] > 0 or row["upper"] < 0 for row in rows)
    if rater.judge and sure:
        told = gettext_lazy(
            "By {judge} it does best in {best} and worst in {worst}, surely so in {sure} of {n} categories."
        )
    elif rater.judge:
        told = gettext_lazy("By {judge} it does best in {best} and worst in {worst}, in no category surely.")
    elif sure:
        told = gettext_lazy(
            "By the judges it does best in {best} and worst in {worst}, surely so in {sure} of {n} categories."
        )
    else:
        told = gettext_lazy("By the judges it does best in {best} and worst in {worst}, in no category surely.")
    return format_lazy(told, judge=rater.judge, best=_named(best), worst=_named(worst), sure=sure, n=len(rows))


def _named(row: FlatRow) -> "StrOrPromise":
    ends = {key: f"{row[key]:+.0f}".replace("-", "−") for key in ("rating", "lower", "upper")}
    return format_lazy(gettext_lazy("{model} with {rating} ({lower} to {upper})"), model=row["model"], **ends)


def releases_told(leaderboard: Leaderboard, contender: Contender, rater: Rater = ALL_JUDGES) -> Told | None:
    """Its rating in each release up to this one, the last snapshot of a day, in the same category."""
    rows = _by_day(leaderboard, contender, rater)
    if sum(row["rating"] is not None for row in rows) < LEAST:
        return None
    return Told(
        name="releases",
        title=gettext_lazy("From release to release"),
        caption=sentences(
            eyes(rater.of_judges),
            gettext_lazy(
                "One mark a release. The scale is that of each release, so models that join or leave move it too."
            ),
        ),
        summary=_first_and_last([row for row in rows if row["rating"] is not None], rater),
        columns=(
            Column("release", gettext_lazy("Release"), "release"),
            *judges_columns(rater),
            *interval_columns("human_rating", gettext_lazy("People’s rating"), "points", "human_"),
        ),
        rows=tuple(rows),
    )


def _by_day(leaderboard: Leaderboard, contender: Contender, rater: Rater) -> list[FlatRow]:
    snapshots = Leaderboard.objects.filter(
        board=leaderboard.board_id, category=leaderboard.category_id, fitted_at__lte=leaderboard.fitted_at
    )
    rows = Rating.objects.filter(_both(rater), leaderboard__in=snapshots, contender=contender)
    found: dict[date, dict[str, Rating]] = {}
    for row in map(rater.seen, rows.select_related("leaderboard").order_by("leaderboard__fitted_at", "leaderboard")):
        found.setdefault(row.leaderboard.fitted_at.date(), {})[row.by] = row  # the last of a day stays
    return [_release(day, by, contender, _sides(rater)) for day, by in found.items()]


def _release(day: date, by: Mapping[str, Rating], contender: Contender, sides: dict[str, str]) -> FlatRow:
    row: FlatRow = {"release": day.isoformat(), "slug": contender.slug}
    for side, whose in sides.items():
        told = by.get(side)
        row |= {f"{whose}{name}": getattr(told, name) if told else None for name in ("rating", "lower", "upper")}
        row[f"{whose}bounded"] = bool(told and told.bounded)
    return row


def _first_and_last(rows: Sequence[FlatRow], rater: Rater) -> "StrOrPromise":
    first, last = rows[0], rows[-1]
    told = (
        gettext_lazy("Rated {first} by {judge} on {begin} and {last} on {end}, in {n} releases.")
        if rater.judge
        else gettext_lazy("Rated {first} by the judges on {begin} and {last} on {end}, in {n} releases.")
    )
    days = {"begin": first["release"], "end": last["release"]}
    return format_lazy(told, first=_rated(first), last=_rated(last), judge=rater.judge, n=len(rows), **days)


def _rated(row: FlatRow) -> "StrOrPromise":
    ends = {key: written(row[key]) for key in ("lower", "upper")}
    return format_lazy(gettext_lazy("{share} ({lower} to {upper})"), share=written(row["rating"]), **ends)
