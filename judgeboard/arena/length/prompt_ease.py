"""How easy each prompt is for contenders that meet one baseline, as others than the one in question found it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import numpy as np

from judgeboard.arena.arrays import Floats
from judgeboard.arena.length.model import LengthModel, Meetings

PRIOR = 1.0
"""Prompts are reckoned to differ with a variance of 1 natural unit squared."""


@dataclass(frozen=True, eq=False)
class PromptEase:
    """residual, information: float64[G], sums over all contenders' models without it, by prompt.

    One Newton step from equal prompts: residual / (information + 1 / prior variance). Without its own share of both
    sums no contender is explained by itself.
    """

    residual: Floats
    information: Floats

    @classmethod
    def of(cls, found: Collection[tuple[Meetings, LengthModel]]) -> Self:
        prompts = max((int(meetings.prompt.max()) + 1 for meetings, _ in found), default=0)
        residual, information = np.zeros(prompts), np.zeros(prompts)
        for meetings, model in found:
            own = _by_prompt(meetings, model, prompts)
            residual += own[0]
            information += own[1]
        return cls(residual, information)

    def for_others(self, meetings: Meetings, model: LengthModel) -> Floats:
        """float64[n]: of each row's prompt, as told by all contenders but this one."""
        residual, information = _by_prompt(meetings, model, len(self.residual))
        ease: Floats = (self.residual - residual) / (self.information - information + 1 / PRIOR)
        return ease[meetings.prompt]


def _by_prompt(meetings: Meetings, model: LengthModel, prompts: int) -> tuple[Floats, Floats]:
    residual = np.bincount(meetings.prompt, meetings.points - model.probability, prompts)
    information = np.bincount(meetings.prompt, model.probability * (1 - model.probability), prompts)
    return residual.astype(np.float64), information.astype(np.float64)
