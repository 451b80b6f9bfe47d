"""The agreement rows of a snapshot, laid out for reading: one line a comparison, both tie rules beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from apps.ratings.models import Agreement, Leaderboard, RankAgreement
from apps.ratings.queries import HUMANS, JUDGES, agreement_table
from apps.ratings.rater import ALL_JUDGES, Rater

Of = tuple[int | None, str, str]  # turn, raters, unit


@dataclass(frozen=True)
class Line:
    turn: int | None
    raters: str
    unit: str
    kept: Agreement | None
    dropped: Agreement | None


@dataclass(frozen=True)
class Section:
    """All comparisons of one rater with the people; of the people with each other in the one they head themselves."""

    left: str
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        named = {
            JUDGES: gettext("All judges together, against people"),
            HUMANS: gettext("People, against each other"),
        }
        return named.get(self.left) or gettext("{judge}, against people").format(judge=self.left)

    @property
    def n(self) -> int:
        return max((line.kept.n for line in self.lines if line.kept), default=0)

    @property
    def headline(self) -> Agreement | None:
        """Each vote counted, all turns, everybody, ties kept."""
        return self.lines[0].kept if self.lines and self.n else None


def agreement_sections(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> tuple[Section, ...]:
    """In the order in which they were computed; what nobody could be compared on stands with n = 0.

    Of one judge: that one's, and the people's. Of the people: theirs alone.
    """
    sections: dict[str, dict[Of, dict[str, Agreement]]] = {}
    for row in (row for row in agreement_table(leaderboard) if row.right == HUMANS and _concerns(rater, row.left)):
        lines = sections.setdefault(row.left, {})
        lines.setdefault((row.turn, row.raters, row.get_unit_display()), {})[row.ties] = row
    return tuple(Section(left, tuple(_lines(lines.items()))) for left, lines in sections.items())


def _concerns(rater: Rater, left: str) -> bool:
    """Whether a comparison of `left` with the people is asked for."""
    if rater.is_people:
        return left == HUMANS
    return rater.judge is None or left in (str(rater.judge), HUMANS)


def _lines(lines: Iterable[tuple[Of, dict[str, Agreement]]]) -> Iterable[Line]:
    return (Line(*of, by.get("kept"), by.get("dropped")) for of, by in lines)


def rank_agreements(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> list[RankAgreement]:
    """Each ranking against another, or that of one judge, where at least two models stand in both."""
    rows = leaderboard.rank_agreements.filter(n__gte=2).order_by("pk")
    return [row for row in rows if rater.judge is None or row.left == str(rater.judge)]
