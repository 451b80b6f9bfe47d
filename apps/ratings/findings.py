"""What a fit knows that no rating keeps and figures tell: pairs, chances of ranks, how well the ratings foretell."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from scipy.special import ndtri

from apps.ratings.evidence import Evidence
from apps.ratings.groups import largest_first
from apps.ratings.models import Finding, Leaderboard, Rating
from apps.ratings.standing import LEVEL, Standing
from judgeboard.arena.agreement.groups import GAPS, gap_groups
from judgeboard.arena.agreement.raters import between
from judgeboard.arena.agreement.votes_needed import votes_needed
from judgeboard.arena.arrays import Integers
from judgeboard.arena.items import items
from judgeboard.arena.rating.calibration import calibration
from judgeboard.arena.rating.rank_chances import rank_chances
from judgeboard.arena.rating.ranks import spread_of_differences
from judgeboard.arena.rating.scale import win_chance
from judgeboard.arena.same_match import each_against_each, each_against_other, majority
from judgeboard.arena.tallies import Tallies
from judgeboard.arena.verdicts import Verdicts

LEADING = 30  # models of the largest group, of which pairs and ranks are told
TWICE = 1 / 3  # the relative difference of two amounts of which one is twice the other
Rows = list[dict[str, Any]]


def findings(
    leaderboard: Leaderboard, evidence: Evidence, standings: Iterable[Standing], seed: int
) -> Iterator[Finding]:
    """By all judges together; nothing where fewer than two models can be compared. What style is worth, by all."""
    known = list(standings)
    panel = next(standing for standing in known if standing.by == Rating.By.JUDGES)
    if style := [row for standing in known for row in _style(standing)]:
        yield Finding(leaderboard=leaderboard, name=Finding.Name.STYLE, rows=style)
    if votes := _votes_needed(evidence):
        yield Finding(leaderboard=leaderboard, name=Finding.Name.VOTES, rows=votes)
    leading = _leading(panel)
    if len(leading) < 2:
        return
    told = {
        Finding.Name.PAIRS: _pairs(evidence, panel, leading),
        Finding.Name.RANKS: _ranks(evidence, panel, leading, seed),
        Finding.Name.CALIBRATION: _calibration(evidence, panel),
        Finding.Name.AGREEMENT: _agreement(evidence, panel),
    }
    if leaderboard.category_id is None:
        told[Finding.Name.PROMPTS] = _prompts(evidence, panel)
    for name, rows in told.items():
        yield Finding(leaderboard=leaderboard, name=name, rows=rows)


def _style(standing: Standing) -> Iterator[dict[str, Any]]:
    """Elo points by which one of two equals is ahead that is twice as long, or has layout where the other has none."""
    told = standing.controlled
    if told is None:
        return
    for name in told.style:
        found = told.fit[name].elo
        unit = TWICE if name == "characters" else 1.0
        worth = {end: unit * getattr(found, end) for end in ("value", "lower", "upper")}
        yield {"by": standing.by, "judge": standing.judge and standing.judge.pk, "name": name} | worth


def _votes_needed(evidence: Evidence) -> Rows:
    """Each agreement, and the one less the other, with its variance now; ties kept."""
    votes = evidence.votes
    pairs = each_against_each(majority(evidence.judgments), votes), each_against_other(votes)
    found = vars(votes_needed(*pairs, n_votes=len(votes)))
    return [{"who": who} | vars(known) for who, known in found.items() if known]


def _leading(panel: Standing) -> Integers:
    """Indices in the largest group of contenders that met, best first."""
    component = panel.fit.component
    if component.max(initial=-1) < 0:
        return np.zeros(0, dtype=np.int64)
    largest = largest_first(component[component >= 0].tolist())[0]
    members = np.flatnonzero((component == largest) & np.isfinite(panel.fit.rating))
    best_first: Integers = members[np.argsort(-panel.fit.rating[members], kind="stable")]
    return best_first[:LEADING]


def _pairs(evidence: Evidence, panel: Standing, leading: Integers) -> Rows:
    """Each pair once, told from the better rated: what the ratings foretell, and what was judged."""
    tallies = Tallies.of(evidence.judgments)
    points, ids = tallies.points(), evidence.contender_ids
    half = float(ndtri((1 + LEVEL) / 2)) * spread_of_differences(panel.fit.covariance)
    rows = []
    for place, one in enumerate(leading.tolist()):
        for other in leading[place + 1 :].tolist():
            lead = panel.fit.rating[one] - panel.fit.rating[other]
            expected, lower, upper = win_chance(np.array([lead, lead - half[one, other], lead + half[one, other]]))
            n = points[one, other] + points[other, one]
            told = {"one": ids[one], "other": ids[other], "expected": expected, "lower": lower, "upper": upper}
            rows.append(told | {"n": int(n), "won": points[one, other] / n if n else None})
    return rows


def _ranks(evidence: Evidence, panel: Standing, leading: Integers, seed: int) -> Rows:
    """The chance of each of the first ranks; what is missing to 1 is the chance of a lower one."""
    group = np.flatnonzero(panel.fit.component == panel.fit.component[leading[0]])
    found = rank_chances(panel.fit.rating[group], panel.fit.covariance[np.ix_(group, group)], seed=seed)
    place = {index: row for row, index in enumerate(group.tolist())}
    return [
        {
            "contender": evidence.contender_ids[index],
            "chances": found.chance[place[index], : len(leading)].round(4).tolist(),
            "expected": float(found.expected[place[index]]),
        }
        for index in leading.tolist()
    ]


def _calibration(evidence: Evidence, panel: Standing) -> Rows:
    """By gap of the judges' ratings: how often the better rated should win, and does by judges and by people."""
    rows: dict[int, dict[str, Any]] = {}
    for who, verdicts in (("judges", evidence.judgments), ("people", evidence.votes)):
        for found in calibration(verdicts, panel.fit.rating, level=LEVEL):
            row = rows.setdefault(found.group, _gap(found.group) | {"expected": found.expected})
            row[who] = _measured(found.won.share, found.won.lower, found.won.upper, found.won.n)
    return [rows[group] for group in sorted(rows)]


def _agreement(evidence: Evidence, panel: Standing) -> Rows:
    """By gap of the judges' ratings: how often judges side with a vote, and one vote with another; ties kept."""
    judged, votes = majority(evidence.judgments), evidence.votes
    rows = []
    for number in range(len(GAPS) + 1):
        ours, theirs = (said.where(_gaps(said, panel) == number) for said in (judged, votes))
        codes = {"judges": each_against_each(ours, votes), "people": each_against_other(theirs)}
        found = {who: between(*pairs, ties="kept", level=LEVEL) for who, pairs in codes.items()}
        if any(one.n for one in found.values()):
            told = {who: _measured(one.agreement, one.lower, one.upper, one.n) for who, one in found.items()}
            rows.append(_gap(number) | told)
    return rows


def _prompts(evidence: Evidence, panel: Standing) -> Rows:
    """How hard each prompt makes it to do better, and how far it tells strong from weak."""
    return [
        {
            "prompt": prompt,
            "undecided": _measured(told.undecided.share, told.undecided.lower, told.undecided.upper, told.undecided.n),
            "discrimination": _measured(told.discrimination, told.lower, told.upper, told.stronger.n),
        }
        for prompt, told in items(evidence.judgments, panel.fit.rating, level=LEVEL)
    ]


def _gaps(said: Verdicts, panel: Standing) -> Integers:
    return gap_groups(panel.fit.rating, said.a, said.b)


def _gap(group: int) -> dict[str, Any]:
    """Elo points from and to; None: without end."""
    return {"low": (0.0, *GAPS)[group], "high": (*GAPS, None)[group]}


def _measured(share: float | None, lower: float | None, upper: float | None, n: int) -> dict[str, Any]:
    return {"share": share, "lower": lower, "upper": upper, "n": n}
