"""Rows in which somebody compares two models -> what was said, by whom, in which order. No table is touched here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.exchange.fields import question_key, required, turn_number, word
from apps.exchange.files import Row
from apps.exchange.known import KnownPrompt, KnownPrompts
from apps.exchange.report import BadRow
from apps.judging.operations import judge_slug
from judgeboard.arena.judge_reply import THREE_WAY, read
from judgeboard.arena.outcome import Outcome, UnknownOutcome, read_outcome

FIRST, SECOND, BOTH = "first", "second", "both"  # of the two models named in the row: which was shown first
INCONSISTENT = {"tie (inconsistent)", "inconsistent"}  # the judge changed its mind when the order was swapped
# FastChat's pairwise judge picks among these by the question (math: with a reference) and by the turn.
PAIR_V2 = {"pair-v2", "pair-math-v1", "pair-v2-multi-turn", "pair-math-v1-multi-turn"}
GROUP_AND_NUMBER = re.compile(r"([a-z]+)_\d+")


@dataclass(frozen=True)
class Rater:
    """A judge model, or a person of a group such as expert."""

    name: str
    is_judge: bool
    group: str = ""


@dataclass(frozen=True)
class Verdict:
    """`outcome` is told from the models as the row names them; None: the reply held no verdict."""

    shown: str
    outcome: Outcome | None
    flipped: bool = False
    raw: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Said:
    """What one row says about two models' answers to one question up to one turn."""

    rater: Rater
    models: tuple[str, str]
    key: str
    prompt: KnownPrompt
    turn: int
    verdicts: tuple[Verdict, ...]


def read_cleaned(row: Row, prompts: KnownPrompts, is_judge: Callable[[str], bool]) -> Said:
    """A row of the cleaned form: judge, model_a, model_b, question_id, turn, winner. Raises BadRow."""
    name = word(row.data, "judge", longest=120)
    group = GROUP_AND_NUMBER.fullmatch(name)
    rater = Rater(name, is_judge(name), group[1] if group else "")
    winner = required(row.data, "winner")
    verdict = Verdict(BOTH, outcome_of(winner), flipped=winner in INCONSISTENT)
    return _said(row, prompts, rater, ("model_a", "model_b"), (verdict,))


def judge_rule(raters: str, known_judges: frozenset[str]) -> Callable[[str], bool]:
    """Who is a judge: everybody ("judge"), nobody ("votes"), or else names like gpt... and the judges of this site."""
    if raters:
        return lambda name: raters == "judge"
    return lambda name: name.lower().startswith("gpt") or judge_slug(name) in known_judges


def read_pair(row: Row, prompts: KnownPrompts) -> Said:
    """A row of FastChat's pair judgments: game 1 showed model_1 first, game 2 model_2. Raises BadRow."""
    games = (_game(row.data, "g1", FIRST), _game(row.data, "g2", SECOND))
    return _said(row, prompts, Rater(_judge_of(row.data), is_judge=True), ("model_1", "model_2"), games)


def read_games(row: Row, prompts: KnownPrompts) -> Said:
    """A row of Arena-Hard's judgments: game 1 showed the baseline first, game 2 the model. Raises BadRow."""
    games = required(row.data, "games")
    if not isinstance(games, list) or len(games) != 2 or not all(isinstance(game, dict) for game in games):
        raise BadRow("games does not hold two games; expected one in each order.")
    verdicts = (_score(games[0], FIRST), _score(games[1], SECOND))
    told = row.data | {"question_id": required(row.data, "uid")}
    key = question_key(told)
    models = (word(told, "baseline", longest=200), word(told, "model", longest=200))
    if models[0] == models[1]:
        raise BadRow(f"{models[0]!r} meets itself; a match needs two different models.")
    rater = Rater(word(told, "judge", longest=110), is_judge=True)
    return Said(rater, models, key, prompts[key], prompts[key].turns, verdicts)


def _score(game: dict[str, Any], shown: str) -> Verdict:
    """`A` is whoever was shown first."""
    raw = game.get("judgment")
    raw = raw.get("answer") if isinstance(raw, dict) else raw
    raw = raw if isinstance(raw, str) else ""
    score = required(game, "score")
    if score is None:
        return Verdict(shown, None, raw=raw)
    outcome = outcome_of(score)
    return Verdict(shown, outcome if shown == FIRST else outcome.flipped(), raw=raw)


def _judge_of(data: dict[str, Any]) -> str:
    """`["gpt-4", "pair-math-v1"]` -> `gpt-4 (pair-v2)`: model and the family of its prompt."""
    found = required(data, "judge")
    if not isinstance(found, list) or len(found) != 2 or not all(isinstance(part, str) and part for part in found):
        raise BadRow('judge is not a pair of model and prompt such as ["gpt-4", "pair-v2"].')
    model, prompt = found
    name = f"{model} ({'pair-v2' if prompt in PAIR_V2 else prompt})"
    if len(name) > 110:
        raise BadRow(f"The judge's name has {len(name)} characters; at most 110 are taken.")
    return name


def _game(data: dict[str, Any], game: str, shown: str) -> Verdict:
    raw = data.get(f"{game}_judgment") or ""
    if not isinstance(raw, str):
        raise BadRow(f"{game}_judgment is not a text.")
    winner = required(data, f"{game}_winner")
    if winner == "error":  # FastChat's word for a reply in which it found no verdict
        return Verdict(shown, None, raw=raw)
    return Verdict(shown, outcome_of(winner), raw=raw, reason=read(raw, THREE_WAY).reason if raw else "")


def outcome_of(winner: Any) -> Outcome:
    """By the one table of words. Raises BadRow."""
    try:
        return read_outcome(winner)
    except UnknownOutcome as problem:
        raise BadRow(str(problem)) from None


def _said(row: Row, prompts: KnownPrompts, rater: Rater, sides: tuple[str, str], verdicts: tuple[Verdict, ...]) -> Said:
    left, right = (word(row.data, side, longest=200) for side in sides)
    if left == right:
        raise BadRow(f"{left!r} meets itself; a match needs two different models.")
    key = question_key(row.data)
    prompt = prompts[key]
    return Said(rater, (left, right), key, prompt, turn_number(row.data, prompt.turns), verdicts)
