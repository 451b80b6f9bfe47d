"""Length-controlled win rates: what would be preferred, were the answers of contender and baseline equally long."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from judgeboard.arena.arrays import Floats, Integers
from judgeboard.arena.length.model import LengthModel, Meetings, length_model
from judgeboard.arena.length.prompt_ease import PromptEase
from judgeboard.arena.numbering import numbered
from judgeboard.arena.rating.win_rate import against_baseline, baseline_index, columns
from judgeboard.arena.share import NOT_MEASURED, Share, clustered_share, share_of_totals, totals
from judgeboard.arena.verdicts import Verdicts

ROUNDING = 1e-9

State = Literal["controlled", "equal_lengths", "one_sided", "constant_lengths", "never_met", "baseline"]


class BadLengths(ValueError):
    """Lengths that are not two counts for each verdict."""


@dataclass(frozen=True, eq=False)
class LengthControlled:
    """Win rates against a baseline as if its answers and the contender's were equally long.

    lc_rate, lower, upper: float64[M] in [0, 1]; NaN where the state says that there is none
    rate:                  float64[M], the plain win rate against the baseline; NaN without verdicts
    length:                float64[M], natural units: what an answer gains that is longer than the baseline's by far
    follows:               float64[M], how closely it follows the others from hard prompts to easy ones, 1 = as they do
    n:                     int[M], verdicts against the baseline
    state:                 "controlled": length is known, and follows if others met the baseline there; else NaN
                           "equal_lengths": never any difference; the rate is the plain one
                           "one_sided": one side took every point, length explains nothing; the rate is the plain one
                           "constant_lengths": the same difference everywhere; what it is worth cannot be told: no rate
                           "never_met": no verdicts against the baseline: no rate; nor has the "baseline" one
    """

    names: tuple[str, ...]
    baseline: str
    lc_rate: Floats
    lower: Floats
    upper: Floats
    rate: Floats
    length: Floats
    follows: Floats
    n: Integers
    state: tuple[State, ...]
    level: float


def length_controlled(verdicts: Verdicts, lengths: Integers, baseline: str, *, level: float = 0.95) -> LengthControlled:
    """Length-controlled win rates in the manner of AlpacaEval 2 (Dubois, Galambosi, Liang & Hashimoto 2024, arXiv
    2404.04475); lengths: int[n, 2], of the answers on side a and side b, in any unit.

    Alike: a logistic model for each contender of its strength, tanh of the difference in length over its standard
    deviation, and the difficulty of the prompt; the rate is the mean preference it predicts without the length term.
    Otherwise: difficulty comes from the other contenders on this board, not from a table fitted once; a weak ridge
    stands in for their L1 penalty by cross-validation and for their rows of a verbose and a concise baseline; and the
    interval is a sandwich clustered by prompt that allows for the fit, while theirs is the spread of predictions.
    Fewer than ten contenders tell little of the prompts: where easy prompts also get longer answers, the rate stays a
    percentage point or two off. Raises UnknownContender, BadLengths.
    """
    plain = against_baseline(verdicts, baseline, level)
    index = baseline_index(verdicts, baseline)
    met = _meetings(verdicts, _checked(lengths, len(verdicts)), index)
    state = tuple("baseline" if k == index else _state(meetings) for k, meetings in enumerate(met))
    models = _models({k: met[k] for k, known in enumerate(state) if known == "controlled"})
    lc_rate, lower, upper = columns([_share(known, met[k], models.get(k), level) for k, known in enumerate(state)])
    coefficients = np.full((len(met), 3), np.nan)
    for k, model in models.items():
        known = np.abs(model.x).max(axis=1) > ROUNDING  # without others nothing is known of the ease of prompts
        coefficients[k] = np.where(known, model.coefficients, np.nan)
    return LengthControlled(
        names=verdicts.names,
        baseline=baseline,
        lc_rate=lc_rate,
        lower=lower,
        upper=upper,
        rate=plain.rate,
        length=coefficients[:, 1],
        follows=coefficients[:, 2],
        n=plain.n,
        state=state,
        level=level,
    )


def _checked(lengths: Integers, n: int) -> Floats:
    sides = np.asarray(lengths)
    if sides.shape != (n, 2):
        raise BadLengths(f"The lengths have the shape {sides.shape}; expected two for each of {n} verdicts.")
    if sides.dtype.kind not in "iuf" or not (np.isfinite(sides).all() and (sides >= 0).all()):
        raise BadLengths("A length is negative or not a number.")
    return sides.astype(np.float64)


def _meetings(verdicts: Verdicts, lengths: Floats, index: int) -> list[Meetings]:
    """Of each contender with the baseline, told from the contender's side."""
    chosen = np.flatnonzero((verdicts.a == index) | (verdicts.b == index))
    rows, difference = verdicts.where(chosen), lengths[chosen, 0] - lengths[chosen, 1]
    swapped = rows.a == index
    contender = np.where(swapped, rows.b, rows.a)
    points = np.where(swapped, 1 - rows.points, rows.points)
    difference = np.where(swapped, -difference, difference)
    prompt, _ = numbered(rows.prompt)
    order = np.argsort(contender, kind="stable")
    ends = np.cumsum(np.bincount(contender, minlength=len(rows.names)))
    return [Meetings(points[own], difference[own], prompt[own]) for own in np.split(order, ends[:-1])]


def _state(meetings: Meetings) -> State:
    if not len(meetings.points):
        return "never_met"
    if not np.ptp(meetings.difference):
        return "constant_lengths" if meetings.difference.any() else "equal_lengths"
    return "controlled" if 0 < meetings.points.mean() < 1 else "one_sided"


def _models(met: dict[int, Meetings]) -> dict[int, LengthModel]:
    """First without the ease of prompts, then with what the first models of the others tell of it."""
    alone = {k: (meetings, length_model(meetings, np.zeros(len(meetings.points)))) for k, meetings in met.items()}
    ease = PromptEase.of(alone.values())
    return {k: length_model(meetings, ease.for_others(meetings, model)) for k, (meetings, model) in alone.items()}


def _share(state: State, meetings: Meetings, model: LengthModel | None, level: float) -> Share:
    if model is not None:
        return _controlled(meetings, model, level)
    if state in ("equal_lengths", "one_sided"):
        return clustered_share(meetings.points, meetings.prompt, level)
    return NOT_MEASURED


def _controlled(meetings: Meetings, model: LengthModel, level: float) -> Share:
    """The interval counts the coefficients, as G / (G - 3) does; with three prompts or fewer no spread is known."""
    total = totals(model.influence(meetings.points), meetings.prompt)
    spare = max(0, len(total) - len(model.coefficients))
    total *= np.sqrt((len(total) - 1) / spare) if spare else 0.0
    return share_of_totals(float(model.equally_long().mean()), total, len(meetings.points), level)
