"""Raters that a judge is held against: one person, and three that do not read the answers."""

from collections.abc import Iterator

import numpy as np

from apps.ratings.evidence import Evidence
from apps.ratings.models import JudgeRecord, Leaderboard
from apps.ratings.standing import LEVEL
from apps.ratings.traits import Name, Trait, Traits, leanings, stored
from judgeboard.arena.agreement.raters import between
from judgeboard.arena.agreement.trivial import always_first, always_longer
from judgeboard.arena.same_match import each_against_each, each_against_other
from judgeboard.arena.share import clustered_share
from judgeboard.arena.verdicts import B_WINS, Verdicts

Baseline = JudgeRecord.Baseline
Codes = tuple[np.ndarray, np.ndarray, np.ndarray]


def baseline_records(leaderboard: Leaderboard, evidence: Evidence, length: np.ndarray) -> Iterator[JudgeRecord]:
    """Each against every vote; length: int[n, 2], of the answers of each vote."""
    votes = evidence.votes
    told: dict[str, Traits] = {
        Baseline.PERSON: _against_people(each_against_other(votes)) | dict(leanings(evidence.voted, length)),
        Baseline.LONGER: _against_people(each_against_each(_longer(votes, length), votes)),
        Baseline.FIRST: _against_people(each_against_each(_first(evidence), votes)),
        Baseline.COIN: {Name.AGREEMENT: _coin(votes)},
    }
    for name, traits in told.items():
        yield JudgeRecord(leaderboard=leaderboard, baseline=name, traits=stored(traits))


def _against_people(codes: Codes) -> dict[str, Trait]:
    found = between(*codes, ties="kept", level=LEVEL)
    state = "measured" if found.n else Trait().state
    return {
        Name.AGREEMENT: Trait(found.n, found.agreement, found.lower, found.upper, state),
        Name.KAPPA: Trait(found.n, found.kappa, found.kappa_lower, found.kappa_upper, state),
    }


def _longer(votes: Verdicts, length: np.ndarray) -> Verdicts:
    """Once a match."""
    _, row = np.unique(votes.match, return_index=True)
    return always_longer(votes.where(row), length[row])


def _first(evidence: Evidence) -> Verdicts:
    """In each order that judges were shown a match in: once a match and order."""
    told = evidence.judgments.where(evidence.judgments.first >= 0)
    _, row = np.unique(told.match.astype(np.int64) * 2 + told.first, return_index=True)
    return always_first(told.where(row))


def _coin(votes: Verdicts) -> Trait:
    """What endless throws come to: half of the votes that are no ties."""
    half = np.where(votes.outcome <= B_WINS, 0.5, 0.0)
    return Trait.of_share(clustered_share(half, votes.prompt, LEVEL))
