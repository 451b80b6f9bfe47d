"""How many tokens a call takes, about and at most, told before it is made."""

import json
import math
from collections.abc import Iterable, Sequence

from apps.budgets.price import Tokens
from judgeboard.llm.client import Message, Request

BYTES_PER_TOKEN = 2  # tokenizers make about four bytes of prose into a token, and seldom fewer than two
TOKENS_AROUND = 16  # per message: what a chat template writes around it, generously
MOST_UNASKED = 4096  # where a request sets no max_tokens; only checks of endpoints do so, and they have no budget


def tokens_of(messages: Iterable[Message]) -> int:
    """A token is about four characters; a message has a few around it."""
    return sum(4 + len(str(message["content"])) // 4 for message in messages)


def most_tokens(request: Request) -> Tokens:
    """Of one request. A model that reads more than this, or writes beyond max_tokens, goes beyond what we can bound."""
    return Tokens(most_read(request.messages), most_written(request))


def most_written(request: Request) -> int:
    return request.max_tokens or MOST_UNASKED


def most_read(messages: Sequence[Message]) -> int:
    return sum(TOKENS_AROUND + math.ceil(_size(message) / BYTES_PER_TOKEN) for message in messages)


def _size(message: Message) -> int:
    """Bytes. Content in parts (pictures) counts as the text that is sent."""
    content = message["content"]
    text = content if isinstance(content, str) else json.dumps(content)
    return len(text.encode("utf-8", "surrogatepass"))
