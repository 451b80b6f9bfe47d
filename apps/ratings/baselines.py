"""Raters that a judge is held against: one person, and three that do not read the answers."""

from collections.abc import Iterator

import numpy as np

from apps.ratings.answer_styles import Compared
from apps.ratings.evidence import Evidence
from apps.ratings.models import JudgeRecord, Leaderboard
from apps.ratings.standing import LEVEL
from apps.ratings.traits import Name, Trait, Traits, leanings, stored
from judgeboard.arena.agreement.accuracy import accuracy, one_is_right
from judgeboard.arena.agreement.raters import between
from judgeboard.arena.agreement.trivial import always_first, always_longer
from judgeboard.arena.same_match import each_against_each, each_against_other
from judgeboard.arena.share import clustered_share
from judgeboard.arena.verdicts import B_WINS, Verdicts

Baseline = JudgeRecord.Baseline
Codes = tuple[np.ndarray, np.ndarray, np.ndarray]


def baseline_records(leaderboard: Leaderboard, evidence: Evidence, answers: Compared) -> Iterator[JudgeRecord]:
    """Each against every vote, and against what is right on the matches that were voted on or judged."""
    votes, length = evidence.votes, answers.voted.length
    told: dict[str, Traits] = {
        Baseline.PERSON: _against_people(each_against_other(votes)) | dict(leanings(evidence.voted, length)),
        Baseline.LONGER: _against_people(each_against_each(_longer(votes, length), votes)),
        Baseline.FIRST: _against_people(each_against_each(_first(evidence.judgments), votes)),
        Baseline.COIN: {Name.AGREEMENT: _coin(votes)},
    }
    right = dict(_accuracies(evidence, answers))
    for name, traits in told.items():
        yield JudgeRecord(leaderboard=leaderboard, baseline=name, traits=stored({**traits, Name.RIGHT: right[name]}))


def _accuracies(evidence: Evidence, answers: Compared) -> Iterator[tuple[str, Trait]]:
    judged, right, length = evidence.judgments, answers.judged.right, answers.judged.length
    each, told = _once(judged), one_is_right(right)
    yield Baseline.PERSON, _accuracy(evidence.votes, answers.voted.right)
    yield Baseline.LONGER, _accuracy(_longer(judged, length), right[each])
    yield Baseline.FIRST, _accuracy(_first(judged), right[_once_an_order(judged)])
    half = np.full(np.count_nonzero(told[each]), 0.5)
    yield Baseline.COIN, Trait.of_share(clustered_share(half, judged.prompt[each][told[each]], LEVEL))


def _accuracy(verdicts: Verdicts, right: np.ndarray) -> Trait:
    return Trait.of_share(accuracy(verdicts, right, level=LEVEL))


def _against_people(codes: Codes) -> dict[str, Trait]:
    found = between(*codes, ties="kept", level=LEVEL)
    state = "measured" if found.n else Trait().state
    return {
        Name.AGREEMENT: Trait(found.n, found.agreement, found.lower, found.upper, state),
        Name.KAPPA: Trait(found.n, found.kappa, found.kappa_lower, found.kappa_upper, state),
    }


def _longer(said: Verdicts, length: np.ndarray) -> Verdicts:
    return always_longer(said.where(_once(said)), length[_once(said)])


def _first(judged: Verdicts) -> Verdicts:
    return always_first(judged.where(_once_an_order(judged)))


def _once(said: Verdicts) -> np.ndarray:
    """int[k]: a row of each match."""
    return np.unique(said.match, return_index=True)[1]


def _once_an_order(judged: Verdicts) -> np.ndarray:
    """int[k]: a row of each match and order that judges were shown it in."""
    known = np.flatnonzero(judged.first >= 0)
    _, row = np.unique(judged.match[known].astype(np.int64) * 2 + judged.first[known], return_index=True)
    return known[row]


def _coin(votes: Verdicts) -> Trait:
    """What endless throws come to: half of the votes that are no ties."""
    half = np.where(votes.outcome <= B_WINS, 0.5, 0.0)
    return Trait.of_share(clustered_share(half, votes.prompt, LEVEL))
