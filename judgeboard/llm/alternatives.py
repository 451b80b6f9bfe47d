"""The log-probabilities beside a reply, where an endpoint was asked for them and told them."""

import math
from collections.abc import Mapping
from typing import Any

ALTERNATIVES = 5  # to each token that are asked for: many endpoints refuse more
LAST = 64  # tokens: what a verdict is told from stands at the end, and the rest of a long reply is not worth reading

Token = tuple[str, Mapping[str, float]]
"""(what was written, {what could have stood there: log-probability}); the second holds the first."""


def read_tokens(logprobs: Any) -> tuple[Token, ...]:
    """The last tokens of the reply; () where none were told, or not in OpenAI's shape."""
    content = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(content, list):
        return ()
    tokens = tuple(_token(told) for told in content[-LAST:])
    whole = tuple(token for token in tokens if token is not None)
    return whole if len(whole) == len(tokens) else ()


def _token(told: Any) -> Token | None:
    written = _weighed(told)
    if written is None:
        return None
    beside = told.get("top_logprobs")
    offered = [_weighed(one) for one in beside] if isinstance(beside, list) else []
    return written[0], dict([*(one for one in offered if one is not None), written])


def _weighed(told: Any) -> tuple[str, float] | None:
    match told:
        case {"token": str(text), "logprob": int() | float() as logprob} if not math.isnan(logprob):
            return text, float(logprob)
    return None
