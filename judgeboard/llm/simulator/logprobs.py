"""The log-probabilities of a reply in OpenAI's shape: at the verdict what is planted, elsewhere something plausible."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

_TOKEN = re.compile(r"\[\[|(?<=\[\[)[^\[\]]+|\]\]|\s*[^\W_]+|\s*.", re.DOTALL)
_VERDICT = re.compile(r"\[\[([^\[\]]+)\]\](?![\s\S]*\[\[)")
_WRITTEN = 0.9
_OTHERS = {"the": 0.04, " a": 0.03, ".": 0.01, " and": 0.005, "\n": 0.005}
_LEAST = 1e-9  # what was said had some chance, however rounding falls


def logprobs(text: str, *, top: int, chances: Mapping[str, float]) -> dict[str, Any]:
    """chances: of the verdicts that could have stood at the end of the reply, `[[A]]` and the like."""
    return {"content": [_told(token, offered, top) for token, offered in _tokens(text, chances)], "refusal": None}


def _tokens(text: str, chances: Mapping[str, float]) -> Iterator[tuple[str, dict[str, float]]]:
    """What is written, and what could have stood there with its chance."""
    verdict = _VERDICT.search(text)
    for match in _TOKEN.finditer(text):
        if verdict and verdict[0] in chances and match.start() == verdict.start(1):
            yield match[0], {name.strip("[]"): chance for name, chance in chances.items()}
        else:
            yield match[0], {**_OTHERS, match[0]: _WRITTEN}


def _told(token: str, offered: Mapping[str, float], top: int) -> dict[str, Any]:
    best = sorted(offered.items(), key=lambda one: -one[1])[:top]
    return _weighed(token, offered[token]) | {"top_logprobs": [_weighed(*one) for one in best]}


def _weighed(token: str, chance: float) -> dict[str, Any]:
    said = token.encode("utf-8", "surrogatepass")
    return {"token": token, "logprob": math.log(max(_LEAST, chance)), "bytes": list(said)}
