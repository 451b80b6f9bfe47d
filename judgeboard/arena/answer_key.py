"""Whether an answer is right, where its reference is one number that a program can look for. Else nobody says."""

import re
from collections.abc import Mapping

MOST_WORDS = 6  # of the part of a reference that holds its number; longer ones tell a story
MOST_AFTER_EQUALS = 2
HEAD = re.compile(r"\n|[.:](?=\s|$)")  # what ends that part
ASIDE = re.compile(r"\([^()]*\)")
NUMBER = re.compile(r"(?<![\w.,/^-])(?<!\d:)[-−]?[$€£]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\w/^]|[.,]\d|-\w|:\d)")
WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
SPELLED = {word: str(number) for number, word in enumerate(WORDS) if number != 1}
VAGUE = {"one": "1", "once": "1", "single": "1", "none": "0", "no": "0", "twice": "2", "half": "0.5"}
"""Words that may stand for a number, or for something else: they never make an answer right, and save it from wrong."""
LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]\s|[-+#>]+\s)|\bstep \d+\b", re.MULTILINE | re.IGNORECASE)
MARKS = re.compile(r"[*_`]|\\(?:boxed|text|,|!)|[{}\\]")
SENTENCE = re.compile(r"\n+|(?<=[.!?])\s+")
FINAL = re.compile(r"\banswer\b", re.IGNORECASE)


def key_of(reference: str) -> float | None:
    """The one number that a short reference opens with (`24` of "After 24 days: it does not double."), else None.

    What follows a colon, a full stop or a line end explains it; what stands in brackets is an aside; of an equation the
    last side counts.
    """
    head = ASIDE.sub("", HEAD.split(reference.strip(), maxsplit=1)[0])
    _, equals, said = head.rpartition("=")
    found = _numbers(said)
    is_short = len(said.split()) <= (MOST_AFTER_EQUALS if equals else MOST_WORDS)
    return found.pop() if len(found) == 1 and is_short else None


def is_right(answer: str, reference: str) -> bool | None:
    """True where the answer concludes with the key and no other number; False where the key is nowhere in it and it
    concludes with another; None where the reference is no such key, or the answer leaves it open."""
    key, said = key_of(reference), LIST_MARK.sub("", answer)
    concluded = _conclusion(said)
    if key is None or not concluded:
        return None
    if concluded == {key}:
        return True
    return None if key in _numbers(said) | _numbers(said, VAGUE) else False


def _conclusion(answer: str) -> set[float]:
    """The numbers of the last sentence that says it is the answer, or of the last one with a number."""
    said = [(sentence, numbers) for sentence in SENTENCE.split(answer) if (numbers := _numbers(sentence))]
    final = [numbers for sentence, numbers in said if FINAL.search(sentence)]
    return final[-1] if final else said[-1][1] if said else set()


def _numbers(text: str, words: Mapping[str, str] = SPELLED) -> set[float]:
    """Those in digits, and in these English words; no parts of names, fractions, powers or times of day."""
    spelled = re.compile(rf"\b({'|'.join(words)})\b(?!-)", re.IGNORECASE)
    plain = spelled.sub(lambda found: words[found[1].lower()], MARKS.sub("", text))
    return {_value(found) for found in NUMBER.finditer(plain)}


def _value(found: re.Match[str]) -> float:
    sign = -1 if found[0][0] in "-−" else 1
    return sign * float(found[1].replace(",", "") + (found[2] or ""))
