"""The leading models in pairs: who should win by the ratings, and how often they met."""

from statistics import median

from apps.ratings.models import Finding, Leaderboard
from apps.ratings.told import MODEL, OTHER, Column, FlatRow, Told, interval_columns, percent_between
from apps.ratings.told.found import found_rows, models_of

EVEN = 0.5


def win_chances_told(leaderboard: Leaderboard) -> Told | None:
    """Each pair once, told from the better rated."""
    rows = _pairs(leaderboard)
    if not rows:
        return None
    return Told(
        name="win-chances",
        title="Who should win, by the ratings",
        caption=f"The share of points that the row takes from the column. {_which(rows)} Bold: surely more or "
        "less than half. Each cell opens the matches of the two.",
        summary=_who_should_win(rows),
        columns=(MODEL, OTHER, *interval_columns("expected", "Should win", "percent"), *_JUDGED),
        rows=rows,
    )


def meetings_told(leaderboard: Leaderboard) -> Told | None:
    """The same pairs by how often they were judged."""
    rows = _pairs(leaderboard)
    if not rows:
        return None
    return Told(
        name="meetings",
        title="How often two models met",
        caption=f"Judgments on each pair. {_which(rows)} Each cell opens the matches of the two.",
        summary=_how_often(rows),
        columns=(MODEL, OTHER, *_JUDGED),
        rows=rows,
    )


_JUDGED = (Column("n", "Judgments", "compare"), Column("won", "Won of them", "percent"))


def _pairs(leaderboard: Leaderboard) -> tuple[FlatRow, ...]:
    models = models_of(leaderboard)
    return tuple(_named(row, *(models[row[side]] for side in ("one", "other"))) for row in _known(leaderboard, models))


def _known(leaderboard: Leaderboard, models: dict[int, tuple[str, str]]) -> list[FlatRow]:
    rows = found_rows(leaderboard, Finding.Name.PAIRS)
    return [row for row in rows if row["one"] in models and row["other"] in models]


def _named(row: FlatRow, one: tuple[str, str], other: tuple[str, str]) -> FlatRow:
    sides = {"model": one[0], "slug": one[1], "other": other[0], "other_slug": other[1]}
    told = {key: row[key] for key in ("expected", "lower", "upper", "n", "won")}
    return sides | told | {"sure": row["lower"] > EVEN or row["upper"] < EVEN}


def _which(rows: tuple[FlatRow, ...]) -> str:
    return f"The {len({row['model'] for row in rows}) + 1} leading models, best first."


def _who_should_win(rows: tuple[FlatRow, ...]) -> str:
    sure = sum(row["sure"] for row in rows)
    closest = min(rows, key=lambda row: abs(row["expected"] - EVEN))
    told = f"In {sure} of {len(rows)} pairs the ratings surely tell who wins more than half of the points."
    share = percent_between(closest["expected"], closest["lower"], closest["upper"])
    return f"{told} Closest are {closest['model']} and {closest['other']}: {share}."


def _how_often(rows: tuple[FlatRow, ...]) -> str:
    met = [row for row in rows if row["n"]]
    told = f"{len(met)} of {len(rows)} pairs have met"
    if not met:
        return f"{told}."
    most = max(met, key=lambda row: row["n"])
    middle = f"{median(row['n'] for row in met):.0f}"
    pair = f"{most['model']} and {most['other']}"
    return f"{told}, half of them {middle} times or more; most often {pair}: {most['n']} times."
