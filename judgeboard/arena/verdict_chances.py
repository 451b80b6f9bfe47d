"""How sure a judge was: from the log-probabilities beside its reply to the chance of each legal verdict.

Where the verdict stands has to be certain: the end of the token stream must be the end of the reply. The verdict may be
split over tokens ("[[", "A", "]]"), so its tokens are walked through; where one of them decides, its alternatives are
shared out among the verdicts they lead to, and the rest goes on with what was written. Whatever leads to no legal
verdict is left out, and the others are taken for the whole. What cannot be told is None, never a guess.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from judgeboard.arena.judge_reply import Menu, Verdict, outcome, read

Token = tuple[str, Mapping[str, float]]
"""(what was written, {what could have stood there: log-probability}); the second holds the first."""

Chances = dict[str, float]

MOST_UNCLEAR = 0.01  # of the chance at one token: what may lead to several verdicts and is left out like the illegal
BEFORE = " \t\r\n*_`~#>.,!:-"  # Markdown and blanks that may stand before a verdict, as when a reply is read
AFTER = re.compile(r'[\s*_`~#>.,!:\-"}]*')
END_OF_STREAM = re.compile(r"\s*(?:<[^<>\s]*>)?\s*")  # some servers send the mark that ended the reply as a token
IN_OBJECT = re.compile(r'"verdict"\s*:\s*"\Z')


def verdict_chances(text: str, tokens: Sequence[Token], menu: Menu[Verdict], *, first: int) -> Chances | None:
    """The chance of each outcome, told from side a, where side `first` (0 = a, 1 = b) was shown first.

    text: the whole reply; tokens: the end of its stream. Outcomes that were not among the alternatives are missing.
    """
    place = _place(text, tokens, menu)
    told = {token: outcome(verdict, first=first).value for token, verdict in menu.tokens.items()}
    return _shared_out(place, told) if place else None


def score_chances(text: str, tokens: Sequence[Token], menu: Menu[int]) -> Chances | None:
    """The chance of each score on the menu; None too where the number is not one token.

    A tokenizer that writes numbers digit by digit would offer "9" for 90 and for 9: of a single digit we cannot know,
    unless some number beside it has two.
    """
    place = _place(text, tokens, menu)
    if place is None or not _is_one_token(place):
        return None
    return _shared_out(place, {token: str(score) for token, score in menu.tokens.items()})


def expected_score(chances: Mapping[str, float]) -> float:
    return sum(int(score) * chance for score, chance in chances.items())


@dataclass(frozen=True)
class _Piece:
    """A token of the verdict. `before`: what stood of the verdict by then; `lead`: what the token holds before it."""

    before: str
    lead: str
    token: str
    offered: Mapping[str, float]

    @property
    def written(self) -> str:
        return self.before + self.token[len(self.lead) :]

    def leads_to(self, alternative: str) -> str:
        return self.before + (alternative if self.before else alternative.lstrip(BEFORE))


@dataclass(frozen=True)
class _Place:
    verdict: str
    pieces: tuple[_Piece, ...]


def _place(text: str, tokens: Sequence[Token], menu: Menu[Any]) -> _Place | None:
    """Where the verdict stands in the stream; None unless that is certain."""
    ending = _ending(text, menu)
    if ending is None:
        return None
    verdict, tail = ending
    stream = "".join(token for token, _ in tokens)
    start = stream.rfind(tail)
    if start < 0 or not END_OF_STREAM.fullmatch(stream, start + len(tail)):
        return None
    return _Place(verdict, tuple(_pieces(verdict, tokens, start)))


def _ending(text: str, menu: Menu[Any]) -> tuple[str, str] | None:
    """The verdict as it is written in the reply, and the reply from there to its end."""
    reading, found = read(text, menu), list(menu.token.finditer(text))
    if reading.verdict is None or not found or menu.tokens[found[-1][0]] != reading.verdict:
        return None
    tail = text[found[-1].start() :].rstrip()
    if tail.endswith("}") and not IN_OBJECT.search(text[: found[-1].start()]):
        return None
    return found[-1][0], tail


def _pieces(verdict: str, tokens: Sequence[Token], start: int) -> Iterator[_Piece]:
    begin = 0
    for token, offered in tokens:
        end = begin + len(token)
        if end > start and begin < start + len(verdict):
            yield _Piece(verdict[: max(0, begin - start)], token[: max(0, start - begin)], token, offered)
        begin = end


def _is_one_token(place: _Place) -> bool:
    number = place.verdict.strip("[]")
    holder = next((piece for piece in place.pieces if number in piece.token), None)
    return holder is not None and any(re.search(r"\d\d", told) for told in (holder.token, *holder.offered))


def _shared_out(place: _Place, told: Mapping[str, str]) -> Chances | None:
    """told: what each legal verdict means. Adds up to 1."""
    chances: Chances = {}
    left = 1.0  # the chance of having come this far
    for piece in place.pieces:
        if _within_reach(piece.before, told) == _within_reach(piece.written, told):
            continue  # nothing is decided here: whatever else could have stood leads to the same choice
        shares = _shares(piece, told)
        if shares is None:
            return None
        stays, others = shares
        for meaning, share in others.items():
            chances[meaning] = chances.get(meaning, 0.0) + left * share
        left *= stays
    meaning = told[place.verdict]
    chances[meaning] = chances.get(meaning, 0.0) + left
    return chances


def _shares(piece: _Piece, told: Mapping[str, str]) -> tuple[float, Chances] | None:
    """The share of what was written, and of each meaning that something else would have led to."""
    if piece.token not in piece.offered:
        return None
    others: Chances = {}
    unclear, stays = 0.0, _chance(piece.offered[piece.token])
    for alternative, logprob in piece.offered.items():
        meanings = {told[name] for name in _spelled(piece.leads_to(alternative), told)}
        if alternative == piece.token or not meanings:
            continue
        if len(meanings) > 1:
            unclear += _chance(logprob)
        else:
            meaning = meanings.pop()
            others[meaning] = others.get(meaning, 0.0) + _chance(logprob)
    whole = stays + sum(others.values())
    if not whole or unclear > MOST_UNCLEAR * (whole + unclear):
        return None
    return stays / whole, {meaning: chance / whole for meaning, chance in others.items()}


def _within_reach(written: str, names: Mapping[str, str]) -> set[str]:
    """The verdicts that can still come of what is written."""
    return {name for name in names if name.startswith(written) or _goes_beyond(written, name)}


def _spelled(written: str, names: Mapping[str, str]) -> set[str]:
    """The same, but a verdict that lacks no more than its brackets is that one: "[[B" is no half of "[[BOTH_BAD]]"."""
    whole = {name for name in names if written in (name[:-2], name[:-1]) or _goes_beyond(written, name)}
    return whole or _within_reach(written, names)


def _goes_beyond(written: str, name: str) -> bool:
    return written.startswith(name) and AFTER.fullmatch(written, len(name)) is not None


def _chance(logprob: float) -> float:
    return math.exp(min(0.0, logprob))
