"""What a judge leans to besides the answers' worth: shares and Elo points with intervals, as a snapshot keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np

from apps.judging.models import Judge
from apps.judging.versions import DECISIVE
from apps.ratings.evidence import Evidence, Said
from apps.ratings.standing import LEVEL
from judgeboard.arena.bias.effect import Effect
from judgeboard.arena.bias.length import length_bias
from judgeboard.arena.bias.position import position_bias
from judgeboard.arena.bias.repeats import repeat_flips
from judgeboard.arena.bias.self_preference import family_preference
from judgeboard.arena.orders import flips_by_prompt
from judgeboard.arena.share import Share, clustered_share
from judgeboard.arena.verdicts import COLUMNS, Verdicts

NOT_ASKED = "not measured"


class Name(StrEnum):
    ORDER_FLIPPED = "order_flipped"  # of matches judged in both orders, those whose verdict changed
    FIRST_WON = "first_won"  # of decided verdicts, those for the answer shown first
    POSITION = "position"  # Elo points of being shown first
    LONGER_WON = "longer_won"  # of decided verdicts on unequal lengths, those for the longer answer
    LENGTH = "length"  # Elo points of being `unit` times as long
    OWN_FAMILY = "own_family"  # Elo points of being of the judge's family
    REPEAT_FLIPPED = "repeat_flipped"  # of questions asked again, the chance that two answers differ
    RIGHT = "right"  # of verdicts where one answer is right and the other wrong, those for the right one
    AGREEMENT = "agreement"  # of votes, those the rater sides with; of raters that are no judges
    KAPPA = "kappa"


@dataclass(frozen=True)
class Trait:
    """A share in [0, 1] or Elo points. `state` says why there is no value; n rows are behind it."""

    n: int = 0
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    state: str = NOT_ASKED
    unit: float | None = None

    @classmethod
    def of_share(cls, share: Share) -> Self:
        return cls(share.n, share.share, share.lower, share.upper, "measured" if share.n else NOT_ASKED)

    @classmethod
    def of_effect(cls, n: int, effect: Effect, unit: float | None = None) -> Self:
        return cls(n, effect.elo, effect.lower, effect.upper, effect.state if n else NOT_ASKED, unit)


Traits = Mapping[str, Trait]


def stored(traits: Traits) -> dict[str, dict[str, Any]]:
    """As JSON keeps them."""
    return {str(name): asdict(trait) for name, trait in traits.items()}


def leanings(said: Said, length: np.ndarray) -> Traits:
    """To a position and to length, of one judge's verdicts or of several raters' as one; length: int[n, 2]."""
    position, longer = position_bias(said.verdicts, level=LEVEL), length_bias(said.verdicts, length, level=LEVEL)
    return {
        Name.FIRST_WON: Trait.of_share(position.first_won),
        Name.POSITION: Trait.of_effect(position.n, position.effect),
        Name.LONGER_WON: Trait.of_share(longer.longer_won),
        Name.LENGTH: Trait.of_effect(longer.longer_won.n, longer.effect, float(np.exp(longer.unit))),
    }


def order_flipped(judge: Judge, said: Said) -> Trait:
    """Verdicts that published files merged count too; those of a pointwise judge know no order."""
    flipped, prompt = flips_by_prompt(said.verdicts)
    if not judge.is_pointwise:
        merged = said.verdicts.first < 0
        flipped = np.concatenate([flipped, said.flipped[merged]])
        prompt = np.concatenate([prompt, said.verdicts.prompt[merged]])
    return Trait.of_share(clustered_share(flipped.astype(float), prompt, LEVEL))


def repeat_flipped(judge: Judge, judges: Iterable[Judge], evidence: Evidence) -> Trait:
    """Asked again is what went to versions of the judge that differ in nothing."""
    twins = [other.pk for other in judges if _way(other) == _way(judge)]
    told = evidence.judgments.where(np.isin(evidence.judgments.rater, twins))
    return Trait.of_share(repeat_flips(_by_one(told, 0), level=LEVEL))


def own_family(judge: Judge, evidence: Evidence, families: Mapping[int, str]) -> Trait:
    """How far it puts its own family ahead, beyond what all others, judges and people, make of it.

    families: of contenders, by key. What other judges say of families of their own is left out.
    """
    own = evidence.kin.where(evidence.kin.verdicts.rater == judge.pk).verdicts
    if not len(own):
        return Trait()
    mine = evidence.judgments.rater == judge.pk
    groups = (evidence.judgments.where(mine), own, evidence.judgments.where(~mine), evidence.votes)
    numbered = [_by_one(verdicts, rater) for verdicts, rater in zip(groups, (0, 0, 1, 1), strict=True)]
    kin = np.array([0 if families[key] == judge.family else -1 for key in evidence.contender_ids])
    found = family_preference(_joined(numbered), np.array([0, -1]), kin, level=LEVEL)
    elo, lower, upper = (float(column[0, 0]) for column in (found.elo, found.lower, found.upper))
    n = int(found.n[0, 0])
    return Trait(n, elo, lower, upper, "measured") if np.isfinite(elo) else Trait(n, state="confounded")


def _way(judge: Judge) -> tuple[object, ...]:
    return judge.slug, *(getattr(judge, name) for name in DECISIVE)


def _by_one(verdicts: Verdicts, rater: int) -> Verdicts:
    return replace(verdicts, rater=np.full(len(verdicts), rater, dtype=np.int32))


def _joined(parts: Iterable[Verdicts]) -> Verdicts:
    told = list(parts)
    columns = (np.concatenate([getattr(part, name) for part in told]) for name in COLUMNS)
    return Verdicts(told[0].names, *columns)
