"""One model: in which categories it is stronger, and how its rating moved from release to release."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from apps.contenders.models import Contender
from apps.ratings.change import changes
from apps.ratings.models import Leaderboard, Rating
from apps.ratings.told import LEAST, Column, FlatRow, Told, interval_columns, written
from apps.ratings.told.card import model_card_told

SIDES = {Rating.By.JUDGES: "", Rating.By.HUMANS: "human_"}
"""Whose rating, with the prefix of its keys in a row."""

Ratings = dict[str, dict[int, Rating]]  # by whom, then by contender


def model_told(leaderboard: Leaderboard, contender: Contender) -> list[Told]:
    told = (
        deviations_told(leaderboard, contender),
        releases_told(leaderboard, contender),
        model_card_told(leaderboard, contender),
    )
    return [one for one in told if one]


def deviations_told(leaderboard: Leaderboard, contender: Contender) -> Told | None:
    """Its rating in each category minus that over all of them; of the snapshot over all."""
    if leaderboard.category_id is not None:
        return None
    rows = [row for row in _deviations(leaderboard, contender) if row["rating"] is not None]
    if len(rows) < LEAST:
        return None
    return Told(
        name="categories",
        title="Stronger and weaker categories",
        caption="Its rating in a category minus that over all of them, against the mean of the models rated in both. "
        "The two share evidence, so intervals are too wide rather than too narrow.",
        summary=_where_it_differs(rows),
        columns=(
            Column("model", "Category", "category"),
            *interval_columns("rating", "By judges", "signed"),
            *interval_columns("human_rating", "By people", "signed", "human_"),
        ),
        rows=tuple(sorted(rows, key=lambda row: -row["rating"])),
    )


def _deviations(leaderboard: Leaderboard, contender: Contender) -> Iterable[FlatRow]:
    of_release = Leaderboard.objects.filter(board=leaderboard.board_id, fitted_at=leaderboard.fitted_at)
    categories = of_release.exclude(category=None).select_related("category").order_by("category__name")
    overall = _ratings(Rating.objects.filter(leaderboard=leaderboard)) if len(categories) >= LEAST else {}
    for within in categories if overall else ():
        rows = _ratings(Rating.objects.filter(leaderboard=within))
        if within.category and contender.pk in rows[Rating.By.JUDGES]:
            yield {"model": within.category.name, "slug": within.category.slug} | _moved(rows, overall, contender)


def _ratings(rows: Iterable[Rating]) -> Ratings:
    found: Ratings = {by: {} for by in SIDES}
    for row in rows:
        if row.by in found:
            found[row.by][row.contender_id] = row
    return found


def _moved(within: Ratings, overall: Ratings, contender: Contender) -> FlatRow:
    row: FlatRow = {}
    for by, whose in SIDES.items():
        moved = changes(within[by].values(), overall[by]).get(contender.pk)
        told = within[by].get(contender.pk)
        row |= {
            f"{whose}rating": moved.value if moved else None,
            f"{whose}lower": moved.lower if moved else None,
            f"{whose}upper": moved.upper if moved else None,
            f"{whose}bounded": bool(told and told.bounded),
        }
    return row


def _where_it_differs(rows: Sequence[FlatRow]) -> str:
    best, worst = max(rows, key=lambda row: row["rating"]), min(rows, key=lambda row: row["rating"])
    sure = sum(row["lower"] > 0 or row["upper"] < 0 for row in rows)
    surely = f"surely so in {sure} of {len(rows)} categories" if sure else "in no category surely"
    return f"By the judges it does best in {_named(best)} and worst in {_named(worst)}, {surely}."


def _named(row: FlatRow) -> str:
    value, lower, upper = (f"{row[key]:+.0f}".replace("-", "−") for key in ("rating", "lower", "upper"))
    return f"{row['model']} with {value} ({lower} to {upper})"


def releases_told(leaderboard: Leaderboard, contender: Contender) -> Told | None:
    """Its rating in each release up to this one, the last snapshot of a day, in the same category."""
    rows = _by_day(leaderboard, contender)
    if sum(row["rating"] is not None for row in rows) < LEAST:
        return None
    return Told(
        name="releases",
        title="From release to release",
        caption="One mark a release. The scale is that of each release, so models that join or leave move it too.",
        summary=_first_and_last([row for row in rows if row["rating"] is not None]),
        columns=(
            Column("release", "Release", "release"),
            *interval_columns("rating", "Judges’ rating", "points"),
            *interval_columns("human_rating", "People’s rating", "points", "human_"),
        ),
        rows=tuple(rows),
    )


def _by_day(leaderboard: Leaderboard, contender: Contender) -> list[FlatRow]:
    snapshots = Leaderboard.objects.filter(
        board=leaderboard.board_id, category=leaderboard.category_id, fitted_at__lte=leaderboard.fitted_at
    )
    rows = Rating.objects.filter(leaderboard__in=snapshots, contender=contender, by__in=SIDES)
    found: dict[date, dict[str, Rating]] = {}
    for row in rows.select_related("leaderboard").order_by("leaderboard__fitted_at", "leaderboard"):
        found.setdefault(row.leaderboard.fitted_at.date(), {})[row.by] = row  # the last of a day stays
    return [_release(day, by, contender) for day, by in found.items()]


def _release(day: date, by: Mapping[str, Rating], contender: Contender) -> FlatRow:
    row: FlatRow = {"release": day.isoformat(), "slug": contender.slug}
    for side, whose in SIDES.items():
        told = by.get(side)
        row |= {f"{whose}{name}": getattr(told, name) if told else None for name in ("rating", "lower", "upper")}
        row[f"{whose}bounded"] = bool(told and told.bounded)
    return row


def _first_and_last(rows: Sequence[FlatRow]) -> str:
    first, last = rows[0], rows[-1]
    return (
        f"Rated {written(first['rating'])} ({written(first['lower'])} to {written(first['upper'])}) by the judges on "
        f"{first['release']} and {written(last['rating'])} ({written(last['lower'])} to {written(last['upper'])}) on "
        f"{last['release']}, in {len(rows)} releases."
    )
