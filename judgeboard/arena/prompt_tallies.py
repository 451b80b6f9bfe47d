"""Counts by prompt: all that ratings with intervals by prompt need, of a size that does not grow with the matches."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Flags, Floats, Integers, Singles
from judgeboard.arena.numbering import numbered
from judgeboard.arena.tallies import BadTallies, BothBad, Tallies
from judgeboard.arena.verdicts import BOTH_BAD, Verdicts


@dataclass(frozen=True, eq=False)
class PromptTallies:
    """Counts of the verdicts between M contenders on each of G prompts, kept so that new ones are only added.

    total:  the counts over all prompts
    prompt: int32[G], ascending
    met:    float32[M, G, M], verdicts of the first with the last that count under `both_bad`
    points: float64[G, M], points of each contender on each prompt

    The size is 4 M^2 G bytes: 20 MB for 100 contenders on 500 prompts.
    """

    total: Tallies
    both_bad: BothBad
    prompt: Integers
    met: Singles
    points: Floats

    @classmethod
    def of(cls, verdicts: Verdicts, both_bad: BothBad = "tie") -> Self:
        total = Tallies.of(verdicts)
        if both_bad == "dropped":
            verdicts = verdicts.where(verdicts.outcome != BOTH_BAD)
        size = len(verdicts.names)
        row, prompts = numbered(verdicts.prompt)
        told = [(verdicts.a, verdicts.b, verdicts.points), (verdicts.b, verdicts.a, 1 - verdicts.points)]
        met = np.zeros(size * prompts * size, dtype=np.float32)
        points = np.zeros(prompts * size)
        for own, other, won in told:
            met += np.bincount((own.astype(np.int64) * prompts + row) * size + other, minlength=len(met))
            points += np.bincount(row * size + own, won, minlength=len(points))
        present = np.unique(verdicts.prompt).astype(np.int32)
        return cls(total, both_bad, present, met.reshape(size, prompts, size), points.reshape(prompts, size))

    def __add__(self, other: Self) -> Self:
        """Both together, about the same contenders and under the same rule for both bad. Raises BadTallies."""
        if self.both_bad != other.both_bad:
            raise BadTallies(f"Both bad counts as {self.both_bad} here and as {other.both_bad} there.")
        total = self.total + other.total
        prompt = np.union1d(self.prompt, other.prompt)
        ours, theirs = self._on(prompt), other._on(prompt)
        return replace(self, total=total, prompt=prompt, met=ours.met + theirs.met, points=ours.points + theirs.points)

    def residual(self, probability: Floats) -> Floats:
        """float64[G, M]: points beyond the expectation, from float64[M, M] win probabilities."""
        expected = np.matmul(self.met, probability[:, :, None].astype(np.float32))[:, :, 0]
        residual: Floats = self.points - expected.T
        return residual

    def prompts_by_group(self, component: Integers) -> Integers:
        """int[M]: prompts with matches in the contender's connected group; component: int[M], -1 without matches."""
        if component.max(initial=-1) <= 0:
            return np.where(component >= 0, len(self.prompt), 0)
        played = np.count_nonzero(self.met, axis=2) > 0
        groups = range(int(component.max()) + 1)
        counted = [np.count_nonzero(played[component == group].any(axis=0)) for group in groups]
        return np.array([*counted, 0])[component]

    def meetings(self, asked: Flags) -> Integers:
        """int[M]: pairs of prompt and opponent of the contenders asked about; 0 for the others."""
        counted = np.zeros(len(asked), dtype=np.int64)
        counted[asked] = np.count_nonzero(self.met[asked], axis=(1, 2))
        return counted

    def _on(self, prompt: Integers) -> Self:
        """The same counts in a table of more prompts."""
        place = np.searchsorted(prompt, self.prompt)
        size = len(self.total.names)
        met = np.zeros((size, len(prompt), size), dtype=np.float32)
        points = np.zeros((len(prompt), size))
        met[:, place], points[place] = self.met, self.points
        return replace(self, prompt=prompt, met=met, points=points)
