"""How far raters agree on the same matches, and how far two rankings agree: ready to be stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from apps.judging.models import Judge
from apps.ratings.evidence import Evidence, Said
from apps.ratings.models import Agreement, Leaderboard, RankAgreement, Rating
from apps.ratings.queries import HUMANS, JUDGES
from apps.ratings.standing import LEVEL, Standing
from judgeboard.arena.agreement.rank_correlation import compare
from judgeboard.arena.agreement.raters import Ties, between
from judgeboard.arena.orders import merge_orders
from judgeboard.arena.same_match import each_against_each, each_against_other, majority
from judgeboard.arena.verdicts import Verdicts

TIES: tuple[Ties, ...] = ("kept", "dropped")
Codes = tuple[np.ndarray, np.ndarray, np.ndarray]  # left codes, right codes, prompt of each pair


@dataclass(frozen=True)
class Panel:
    """One side of a comparison: all judges together or one judge, one verdict a match."""

    name: str
    judge: Judge | None
    verdicts: Verdicts
    turn: np.ndarray


def agreements(
    leaderboard: Leaderboard, evidence: Evidence, judges: Mapping[int, Judge], groups: Mapping[int, str]
) -> list[Agreement]:
    """Each panel against the humans, these among themselves, by turn, voters, unit and tie rule; judges in pairs."""
    rows: list[Agreement] = []
    panels = list(_panels(evidence, judges))
    for turn in _turns(evidence):
        for raters, votes in _voter_groups(evidence, groups, turn):
            for panel in panels:
                shown = panel.verdicts if turn is None else panel.verdicts.where(panel.turn == turn)
                rows += _against_humans(leaderboard, panel, shown, votes, turn, raters)
            rows += _among_humans(leaderboard, votes, turn, raters)
    return rows + list(_among_judges(leaderboard, panels))


def _panels(evidence: Evidence, judges: Mapping[int, Judge]) -> Iterator[Panel]:
    """All judges say what most of their verdicts say; of one judge, two orders that disagree are a tie."""
    each = merge_orders(evidence.judgments)
    if len(judges) > 1:
        yield _panel(JUDGES, None, majority(evidence.judgments), evidence.judged)
    for key, judge in judges.items():
        yield _panel(str(judge), judge, each.where(each.rater == key), evidence.judged)


def _panel(name: str, judge: Judge | None, verdicts: Verdicts, judged: Said) -> Panel:
    match, row = np.unique(judged.verdicts.match, return_index=True)
    return Panel(name, judge, verdicts, judged.turn[row[np.searchsorted(match, verdicts.match)]])


def _turns(evidence: Evidence) -> list[int | None]:
    """All turns together, and each of them where votes exist on several."""
    turns = np.unique(evidence.voted.turn).tolist()
    return [None, *turns] if len(turns) > 1 else [None]


def _voter_groups(evidence: Evidence, groups: Mapping[int, str], turn: int | None) -> Iterator[tuple[str, Verdicts]]:
    asked = np.ones(len(evidence.votes), bool) if turn is None else evidence.voted.turn == turn
    yield "all", evidence.votes.where(asked)
    group_of = np.array([groups.get(rater, "") for rater in evidence.votes.rater.tolist()], dtype=object)
    for group in sorted(set(groups.values()) - {""}):
        yield group, evidence.votes.where(asked & (group_of == group))


def _against_humans(
    leaderboard: Leaderboard, panel: Panel, shown: Verdicts, votes: Verdicts, turn: int | None, raters: str
) -> Iterable[Agreement]:
    units = {
        Agreement.Unit.VOTE: each_against_each(shown, votes),
        Agreement.Unit.MAJORITY: each_against_each(shown, majority(votes)),
    }
    for unit, codes in units.items():
        yield from _rows(leaderboard, panel.name, panel.judge, codes, turn=turn, raters=raters, unit=unit)


def _among_humans(leaderboard: Leaderboard, votes: Verdicts, turn: int | None, raters: str) -> Iterable[Agreement]:
    pairs = each_against_other(votes)
    return _rows(leaderboard, HUMANS, None, pairs, turn=turn, raters=raters, unit=Agreement.Unit.VOTE)


def _among_judges(leaderboard: Leaderboard, panels: Sequence[Panel]) -> Iterator[Agreement]:
    """Every two judges on the matches that both judged."""
    for left, right in combinations([panel for panel in panels if panel.judge], 2):
        codes = each_against_each(left.verdicts, right.verdicts)
        of = {"turn": None, "raters": "all", "unit": Agreement.Unit.VOTE}
        yield from _rows(leaderboard, left.name, None, codes, right=right.name, **of)


def _rows(
    leaderboard: Leaderboard, left: str, judge: Judge | None, codes: Codes, *, right: str = HUMANS, **of: object
) -> Iterator[Agreement]:
    for ties in TIES:
        found = between(*codes, ties=ties, level=LEVEL)
        yield Agreement(
            leaderboard=leaderboard,
            left=left,
            right=right,
            judge=judge,
            ties=ties,
            n=found.n,
            agreement=found.agreement,
            lower=found.lower,
            upper=found.upper,
            kappa=found.kappa,
            kappa_lower=found.kappa_lower,
            kappa_upper=found.kappa_upper,
            ac1=found.ac1,
            ac1_lower=found.ac1_lower,
            ac1_upper=found.ac1_upper,
            confusion=np.asarray(found.confusion).tolist(),
            **of,
        )


def rank_agreements(leaderboard: Leaderboard, standings: Sequence[Standing], seed: int) -> list[RankAgreement]:
    """The ranking by all judges, and by each judge, against the ranking by the humans."""
    humans = next(standing for standing in standings if standing.by == Rating.By.HUMANS)
    judges = [standing for standing in standings if standing.by in (Rating.By.JUDGES, Rating.By.JUDGE)]
    return [_rank_agreement(leaderboard, standing, humans, seed) for standing in judges]


def _rank_agreement(leaderboard: Leaderboard, left: Standing, right: Standing, seed: int) -> RankAgreement:
    found = compare(
        left.fit.rating, left.fit.covariance, right.fit.rating, right.fit.covariance, level=LEVEL, seed=seed
    )
    return RankAgreement(
        leaderboard=leaderboard,
        left=str(left.judge) if left.judge else JUDGES,
        right=HUMANS,
        n=found.n,
        spearman=found.spearman,
        spearman_lower=found.spearman_lower,
        spearman_upper=found.spearman_upper,
        kendall=found.kendall,
        kendall_lower=found.kendall_lower,
        kendall_upper=found.kendall_upper,
    )
