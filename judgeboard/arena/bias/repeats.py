"""How often a judge says something else when it is asked the same question again."""

import numpy as np

from judgeboard.arena.arrays import Integers
from judgeboard.arena.numbering import numbered
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.verdicts import Verdicts, bad_as_tie


def repeat_flips(verdicts: Verdicts, *, level: float = 0.95) -> Share:
    """The chance that two answers to one question differ; n questions that were asked more than once.

    A question is a match shown in one order to one rater; a row without a known order is none. Each question counts
    once, by the share of its pairs of answers that differ. Both bad and a tie are the same. Raises MatchesDiffer.
    """
    told = verdicts.where(verdicts.first >= 0).aligned()
    question, questions = _questions(told)
    codes = bad_as_tie(told.outcome)
    counts = np.bincount(question * 3 + codes, minlength=3 * questions).reshape(questions, 3)
    asked = counts.sum(axis=1)
    prompt = np.zeros(questions, dtype=np.int64)
    prompt[question] = told.prompt
    again = asked > 1
    pairs = asked[again] * (asked[again] - 1)
    alike = (counts[again] * (counts[again] - 1)).sum(axis=1)
    return clustered_share(1 - alike / pairs, prompt[again], level)


def _questions(told: Verdicts) -> tuple[Integers, int]:
    rater, _ = numbered(told.rater)
    match, matches = numbered(told.match)
    return numbered((rater * matches + match) * 2 + told.first)
