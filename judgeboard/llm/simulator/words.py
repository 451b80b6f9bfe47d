"""Words of a prompt that an answer can name, in any script."""

import re
import unicodedata
from random import Random

# Everything between spaces and punctuation. `\w` would not do: it leaves out the vowel signs of Telugu or Hindi.
_TOKEN = re.compile(
    r"[^\s!-&(-,./:-@\[-`{-~¡«»¿\u0964\u0965\u2010-\u205e"  # ASCII but ' and -, European, Indian
    r"\u3000-\u301f\u30fb\uff01-\uff0f\uff1a-\uff20]+"  # East Asian
)
_CHARACTERS_READ = 4_000
_LONGEST_WORD = 24
_SHORTEST_ASCII_WORD = 4
_UNSPACED_LENGTH = 4
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_COMMON_WORDS = (
    "about above after again also because been before being between both cannot could does doing down during each "
    "ever every explain from give given have having here into itself just like list make many more most much must need "
    "only other ours over please same should show some such tell than that their them then there these they this those "
    "through under until very want were what when where which while will with would write your yours"
)
_COMMON = frozenset(_COMMON_WORDS.split())
_FALLBACK = ("question", "wording", "answer")


def telling_words(text: str) -> list[str]:
    """The words of `text` worth naming, each once, in the order of their first appearance."""
    tokens = (_shortened(token.strip("'-")) for token in _TOKEN.findall(text[:_CHARACTERS_READ]))
    return list(dict.fromkeys(token for token in tokens if _is_telling(token)))


def pick_two(words: list[str], chance: Random) -> tuple[str, str]:
    """Two different words to name in one sentence, filled up with plain ones where the prompt has too few."""
    pool = words if len(words) > 1 else [*words, *_FALLBACK]
    first, second = chance.sample(pool, 2)
    return first, second


def _shortened(token: str) -> str:
    """Scripts that put no spaces between words give whole clauses: keep their first characters, marks included."""
    if len(token) <= _UNSPACED_LENGTH or not _UNSPACED.search(token):
        return token
    end = _UNSPACED_LENGTH
    while end < len(token) and unicodedata.category(token[end]).startswith("M"):
        end += 1
    return token[:end]


def _is_telling(token: str) -> bool:
    if token.isascii():
        return (
            _SHORTEST_ASCII_WORD <= len(token) <= _LONGEST_WORD
            and token.replace("'", "").replace("-", "").isalpha()
            and token.casefold() not in _COMMON
        )
    return 2 <= len(token) <= _LONGEST_WORD and all(unicodedata.category(sign)[0] in "LM" for sign in token)
