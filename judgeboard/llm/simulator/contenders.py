"""Simulated contenders: answers whose readable quality carries a planted skill."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from . import quality
from .chance import generator
from .sentences import SOUND, WEAK
from .words import pick_two, telling_words

AVERAGE_SKILL = 1000.0

# Spread, in Elo points, of what luck adds to the skill of one contender on one prompt, and of what the prompt's
# difficulty takes from all of them alike. With the noise of an accurate judge the difference of two answers spreads
# by about 295 points, the probit twin of the Elo curve: so planted skill and fitted rating are on one scale.
LUCK = 125.0
DIFFICULTY = 90.0

_FEWEST_SENTENCES = 3
_HEADINGS = ("The main points", "In detail", "Why", "What follows", "Step by step", "Worth knowing")


@dataclass(frozen=True, slots=True)
class Style:
    """How often an answer is laid out with these marks: shares from 0 to 1."""

    lists: float
    headings: float
    bold: float


@dataclass(frozen=True, slots=True)
class Contender:
    """One simulated contender. `skill` is on the Elo scale around 1000, `sentences` the usual length of an answer."""

    name: str
    skill: float
    sentences: float
    style: Style
    family: str


def answer(contender: Contender, turns: Sequence[str], *, seed: int, sampling: str) -> str:
    """What `contender` answers to the last of the user's `turns`.

    Equal arguments give equal text. `sampling` stands for the request's own seed and temperature. The answer names
    words of the last turn, or of earlier ones when the last has none.
    """
    difficulty = generator(seed, "difficulty", turns[0]).gauss(0, DIFFICULTY)
    chance = generator(seed, "answer", contender.name, sampling, *turns)
    reached = contender.skill - AVERAGE_SKILL - difficulty + chance.gauss(0, LUCK)
    length = max(_FEWEST_SENTENCES, round(chance.gauss(contender.sentences, 1.0)))
    words = next((words for turn in reversed(turns) if (words := telling_words(turn))), [])
    sentences = _sentences(length, quality.sound_share(reached), words, chance, bold=_has(contender.style.bold, chance))
    return _laid_out(sentences, contender.style, chance)


def _sentences(length: int, share: float, words: list[str], chance: Random, *, bold: bool) -> list[str]:
    marks = "**{}**" if bold else "“{}”"
    is_sound = _scattered(length, share, chance)
    sound_body, weak_body = (iter(chance.sample(bank.body, len(bank.body))) for bank in (SOUND, WEAK))
    templates = [next(sound_body if sound else weak_body) for sound in is_sound]
    templates[0] = chance.choice((SOUND if is_sound[0] else WEAK).opening)
    templates[-1] = chance.choice((SOUND if is_sound[-1] else WEAK).closing)
    return [_filled(template, words, marks, chance) for template in templates]


def _scattered(length: int, share: float, chance: Random) -> list[bool]:
    """Which of `length` sentences are sound: `share` of them on average, rounded by lot so that no skill is lost."""
    exact = length * share
    sound = int(exact) + (chance.random() < exact % 1)
    flags = [True] * sound + [False] * (length - sound)
    chance.shuffle(flags)
    return flags


def _filled(template: str, words: list[str], marks: str, chance: Random) -> str:
    first, second = pick_two(words, chance)
    return template.format(x=marks.format(first), y=marks.format(second))


def _laid_out(sentences: list[str], style: Style, chance: Random) -> str:
    opening, body, closing = sentences[0], sentences[1:-1], sentences[-1]
    listed = len(body) > 1 and _has(style.lists, chance)
    middle = _as_list(body, chance) if listed else _as_paragraphs(body)
    if len(body) > 1 and _has(style.headings, chance):
        middle = f"### {chance.choice(_HEADINGS)}\n\n{middle}"
    return f"{opening}\n\n{middle}\n\n{closing}"


def _as_list(sentences: list[str], chance: Random) -> str:
    numbered = chance.random() < 0.5
    return "\n".join(f"{f'{n}.' if numbered else '-'} {sentence}" for n, sentence in enumerate(sentences, 1))


def _as_paragraphs(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def _has(share: float, chance: Random) -> bool:
    return chance.random() < share
