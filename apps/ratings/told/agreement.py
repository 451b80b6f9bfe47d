"""Who says the same as whom: raters against raters, and all judges against people outcome by outcome."""

from collections.abc import Iterable, Sequence

from apps.ratings.models import Agreement, Leaderboard
from apps.ratings.queries import HUMANS, JUDGES, agreement_table, rating_judges
from apps.ratings.rater import ALL_JUDGES, Rater, judge_key
from apps.ratings.rater import PEOPLE as RATED_BY_PEOPLE
from apps.ratings.told import Column, FlatRow, Told, interval_columns, percent

PANEL, PEOPLE = "All judges", "People"
OUTCOMES = (("a", "A better"), ("b", "B better"), ("tie", "Tie"))


def raters_told(leaderboard: Leaderboard) -> Told | None:
    """Each pair of raters once: each judge and the people against one another, the people among themselves too."""
    found = [row for row in agreement_table(leaderboard) if _is_of_two(row)]
    if not found:
        return None
    keys = {str(judge): judge_key(judge) for judge in rating_judges(leaderboard.pk)} | {HUMANS: RATED_BY_PEOPLE}
    rows = [_pair(row) | {"key": keys.get(row.left, ""), "other_key": keys.get(row.right, "")} for row in found]
    return Told(
        name="raters",
        title="Rater against rater",
        caption="Kappa, which leaves out agreement by chance: 0 is chance, 1 is always. Below it raw agreement and on "
        "how many verdicts; two orders that disagree are a tie, and each vote counts.",
        summary=_most_and_least_alike(rows),
        columns=(
            Column("rater", "Rater", "text"),
            Column("other", "Against", "text"),
            *interval_columns("kappa", "Kappa", "hundredths", "kappa_"),
            *interval_columns("agreement", "Agree", "percent"),
            Column("n", "Compared", "count"),
        ),
        rows=tuple(rows),
    )


def _is_of_two(row: Agreement) -> bool:
    is_headline = row.unit == Agreement.Unit.VOTE and row.turn is None and row.raters == "all" and row.ties == "kept"
    return is_headline and row.n > 0 and row.left != JUDGES


def _pair(row: Agreement) -> FlatRow:
    figures = ("kappa", "kappa_lower", "kappa_upper", "agreement", "lower", "upper", "n")
    named = {"rater": _rater(row.left), "other": _rater(row.right)}
    return named | {figure: getattr(row, figure) for figure in figures}


def _rater(name: str) -> str:
    return PEOPLE if name == HUMANS else name


def _most_and_least_alike(rows: Sequence[FlatRow]) -> str:
    known = sorted((row for row in rows if row["kappa"] is not None), key=lambda row: -row["kappa"])
    if not known:
        return "No two raters differ enough in what they say for kappa to be measured."
    most, least = known[0], known[-1]
    told = f"Most alike are {_both(most)} with kappa {_kappa(most)}, agreeing on {percent(most['agreement'])}"
    return f"{told}." if len(known) == 1 else f"{told}; least {_both(least)} with {_kappa(least)}."


def _both(row: FlatRow) -> str:
    return (
        "two people" if row["rater"] == row["other"] else f"{row['rater']} and {row['other'].replace(PEOPLE, 'people')}"
    )


def _kappa(row: FlatRow) -> str:
    lower, upper = row["kappa_lower"], row["kappa_upper"]
    ends = f" ({lower:.2f} to {upper:.2f})" if lower is not None and upper is not None else ""
    return f"{row['kappa']:.2f}{ends}".replace("-", "−")


def confusion_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """What most judges, or one judge, and most people say of each match that both know; style changes nothing here."""
    rows = leaderboard.agreements.filter(
        right=HUMANS, unit=Agreement.Unit.MAJORITY, turn=None, raters="all", ties="kept", n__gt=0
    ).exclude(left=HUMANS)
    row = (rows.filter(judge=rater.judge) if rater.judge else rows).order_by("pk").first()
    if row is None:
        return None
    return Told(
        name="confusion",
        title=f"What {rater.judge or 'judges'} and people say of a match",
        caption=f"Down: most of what {_said_by(row)} says; across: most votes, else a tie. A is the answer that a "
        "match names first. Each cell opens its matches.",
        summary=_how_alike(row, rater),
        columns=(
            Column("judges", "Judges", "text"),
            Column("people", "People", "text"),
            Column("n", "Matches", "cases"),
            Column("share", "Of all", "percent"),
        ),
        rows=tuple(_cells(row)),
    )


def _said_by(row: Agreement) -> str:
    return "the judges" if row.left == JUDGES else row.left


def _cells(row: Agreement) -> Iterable[FlatRow]:
    for (judged, judges), counts in zip(OUTCOMES, row.confusion, strict=True):
        for (voted, people), n in zip(OUTCOMES, counts, strict=True):
            yield {"judges": judges, "people": people, "n": n, "share": n / row.n, "judged": judged, "voted": voted}


def _how_alike(row: Agreement, rater: Rater) -> str:
    (aa, ab, _), (ba, bb, _), (_, _, ties) = row.confusion
    same, opposite = aa + bb + ties, ab + ba
    return (
        f"Of {row.n} matches {rater.judge or 'judges'} and people say the same of {same} ({percent(same / row.n)}) "
        f"and see opposite sides win in {opposite} ({percent(opposite / row.n)}); in the others one of them says tie."
    )
