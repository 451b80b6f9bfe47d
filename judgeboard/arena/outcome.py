"""What one comparison can come to, told from side a and side b."""

from enum import StrEnum
from typing import Self


class UnknownOutcome(ValueError):
    """A word for an outcome that is not in the table of accepted words."""


class Outcome(StrEnum):
    MODEL_A = "model_a"
    MODEL_B = "model_b"
    TIE = "tie"
    BOTH_BAD = "both_bad"

    @property
    def code(self) -> int:
        """0 model_a, 1 model_b, 2 tie, 3 both_bad: the form in which outcomes stand in arrays."""
        return _CODES[self]

    @classmethod
    def from_code(cls, code: int) -> Self:
        if code not in range(len(cls)):
            raise UnknownOutcome(f"There is no outcome with the code {code}; expected 0, 1, 2 or 3.")
        return tuple(cls)[code]

    def flipped(self) -> "Outcome":
        """The same outcome told with the sides exchanged."""
        return _FLIPPED.get(self, self)


_CODES = {outcome: code for code, outcome in enumerate(Outcome)}
_FLIPPED = {Outcome.MODEL_A: Outcome.MODEL_B, Outcome.MODEL_B: Outcome.MODEL_A}

# The words of our own files, of FastChat and its Arena logs, of Arena-Hard, AutoArena, and of tables with a left and a
# right column.
_WORDS = {
    Outcome.MODEL_A: ("model_a", "model_1", "leftvote", "left", "a", "a>b", "a>>b"),
    Outcome.MODEL_B: ("model_b", "model_2", "rightvote", "right", "b", "b>a", "b>>a"),
    # "inconsistent" is a judge that changed its mind when the order was swapped; its authors count that as a tie.
    Outcome.TIE: ("tie", "tievote", "tie (inconsistent)", "inconsistent", "c", "a=b", "-"),
    Outcome.BOTH_BAD: ("both_bad", "bothbad", "tie (bothbad)", "bothbad_vote"),
}
_OUTCOME_OF = {word.replace(" ", ""): outcome for outcome, words in _WORDS.items() for word in words}
ACCEPTED_WORDS = tuple(word for words in _WORDS.values() for word in words)


def read_outcome(word: str) -> Outcome:
    """The outcome behind a word of any of the known formats, capitals and spaces aside. Raises UnknownOutcome."""
    found = _OUTCOME_OF.get("".join(word.split()).lower()) if isinstance(word, str) else None
    if found is None:
        raise UnknownOutcome(f"Unknown outcome {word!r}; expected one of {', '.join(ACCEPTED_WORDS)}.")
    return found
