"""The one way in which this project speaks to a model: an OpenAI-compatible chat completion over a guarded connection.

There are no retries here: whoever asked keeps the question as a row and decides when to ask again.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Any, Self

import aiohttp
import httpx2
import openai
from openai._vendor.httpx_aiohttp.transport import AiohttpTransport  # the transport under DefaultAioHttpClient

from judgeboard.llm.alternatives import ALTERNATIVES
from judgeboard.llm.body import NoCompletion
from judgeboard.llm.completion import Completion, read_completion, storable
from judgeboard.llm.errors import (
    BadRequest,
    CallFailed,
    Forbidden,
    KeyRefused,
    RateLimited,
    Refused,
    TimedOut,
    TooLarge,
    Unavailable,
    Unreachable,
)
from judgeboard.llm.guard import AddressRefused, BodyTooLarge, CappedTransport, Network, guarded_session
from judgeboard.llm.retry_after import read_retry_after

Message = dict[str, Any]

PATH = "/chat/completions"

SHORTEST_SECRET = 8  # characters; a shorter key is a word like "none" or "EMPTY", which answers may hold by right


@dataclass(frozen=True)
class Endpoint:
    """Where to ask. `deadline`: seconds for one call, from first byte to last."""

    base_url: str
    model: str
    key: str
    deadline: float = 120.0
    concurrency: int = 8

    def __repr__(self) -> str:  # a key must not reach a log through a traceback
        return f"Endpoint({self.base_url!r}, {self.model!r})"


@dataclass(frozen=True)
class Request:
    """What to ask. None: the parameter is not sent and the endpoint's default holds."""

    messages: Sequence[Message]
    temperature: float | None = None
    max_tokens: int | None = None
    schema: Mapping[str, Any] | None = None  # the JSON schema that the reply has to obey
    alternatives: bool = False  # tell what else could have stood at each token, with log-probabilities


class Speaker:
    """An open line to one endpoint; made inside the event loop that uses it.

    >>> async with Speaker(endpoint, allowed=networks(["127.0.0.1/32"])) as speaker:
    ...     completion = await speaker.complete(Request([{"role": "user", "content": "Hello"}]))
    """

    def __init__(self, endpoint: Endpoint, *, allowed: Sequence[Network] = ()) -> None:
        self._endpoint, self._allowed = endpoint, allowed

    async def __aenter__(self) -> Self:
        session = guarded_session(self._allowed, limit=self._endpoint.concurrency)
        transport = CappedTransport(AiohttpTransport(verify=_trusted_authorities(), client=session))
        timeout = httpx2.Timeout(self._endpoint.deadline)  # the default is 5 seconds, in which no large model answers
        self._http = httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=timeout)
        self._url = httpx2.URL(self._endpoint.base_url.rstrip("/") + PATH)
        self._client = openai.AsyncOpenAI(
            base_url=self._endpoint.base_url,
            api_key=self._endpoint.key or "none",  # local servers want no key, the client insists on one
            timeout=timeout,
            max_retries=0,
            http_client=self._http,
        )
        self._headers = httpx2.Headers({**self._client.auth_headers, "Content-Type": "application/json"})
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def complete(self, request: Request) -> Completion:
        """One chat completion. Raises a `CallFailed`, whose class says whether asking again makes sense.

        Sent by hand: the client library takes more processor time to build a request than all else about a call takes.
        """
        started = time.monotonic()
        asked = json.dumps(self._parameters(request)).encode()
        try:
            async with asyncio.timeout(self._endpoint.deadline):
                sent = httpx2.Request("POST", self._url, content=asked, headers=self._headers)
                response = await self._http.send(sent)
            if not response.is_success:
                raise _told_by_status(response)
            latency_ms = round(1000 * (time.monotonic() - started))
            content_type = response.headers.get("content-type", "")
            return read_completion(response.content, kept=self._kept, latency_ms=latency_ms, content_type=content_type)
        except Exception as error:
            raise self._told(error) from None  # the original may quote headers or bodies

    async def list_models(self) -> list[str]:
        """The names the endpoint offers. Raises a `CallFailed`."""
        try:
            async with asyncio.timeout(self._endpoint.deadline):
                return [model.id async for model in self._client.models.list()]
        except Exception as error:
            raise self._told(error) from None

    def _parameters(self, request: Request) -> dict[str, Any]:
        asked = {"temperature": request.temperature, "max_tokens": request.max_tokens}
        sent: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        if request.schema is not None:
            bound = {"name": "reply", "strict": True, "schema": dict(request.schema)}
            sent["response_format"] = {"type": "json_schema", "json_schema": bound}
        if request.alternatives:
            sent |= {"logprobs": True, "top_logprobs": ALTERNATIVES}
        return {"model": self._endpoint.model, "messages": list(request.messages), **sent}

    def _kept(self, text: str) -> str:
        """What the endpoint wrote, storable, and without its key: answers are public, and some servers echo headers."""
        key = self._endpoint.key
        kept = storable(text)
        return kept.replace(key, "[key]") if len(key) >= SHORTEST_SECRET else kept

    def _told(self, error: Exception) -> CallFailed:
        """The failure as one of ours, in a sentence that quotes neither key nor body."""
        match error:
            case CallFailed():
                return error
            case openai.APIStatusError():
                return _told_by_status(error.response)
            case TimeoutError():
                return TimedOut(f"No whole answer within {self._endpoint.deadline:g} seconds.")
            case openai.APIConnectionError() | httpx2.TransportError():
                return _told_by_cause(error)
            case BodyTooLarge():
                return TooLarge("The endpoint sent more than 2 MiB for one answer.")
            case NoCompletion():
                return Unavailable(str(error))
            case _:
                return Unavailable(f"The endpoint's answer could not be read ({type(error).__name__}).")


@cache
def _trusted_authorities() -> ssl.SSLContext:
    """Made once: reading the certificates takes 20 ms, in which the event loop stands still."""
    return httpx2.create_ssl_context()


def _told_by_status(response: httpx2.Response) -> CallFailed:
    status = response.status_code
    if status in (401, 403):
        return KeyRefused(f"The endpoint did not accept the key ({status}).")
    if status in (404, 410):
        return Refused(f"The endpoint knows no such address or model ({status}).")
    if status == 429:
        return RateLimited("The endpoint asked us to slow down (429).", _wait(response))
    if status in (408, 409, 425) or status >= 500:
        return Unavailable(f"The endpoint had a fault of its own ({status}).", _wait(response))
    if 300 <= status < 400:
        return BadRequest(f"The endpoint wanted to send us elsewhere ({status}); redirects are not followed.")
    return BadRequest(f"The endpoint did not accept the request ({status}).")


def _wait(response: httpx2.Response) -> float | None:
    return read_retry_after(response.headers, now=time.time())


def _told_by_cause(error: Exception) -> CallFailed:
    """The transport wraps what happened, refused connections and addresses even as time-outs: the cause tells."""
    causes = _causes(error)
    if any(isinstance(cause, AddressRefused) for cause in causes):
        return Forbidden("The endpoint's address is not public, so it is not called.")
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return TimedOut("The endpoint did not answer in time.")
    return Unreachable("The endpoint could not be reached, or hung up before its answer was whole.")


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    queue: list[BaseException | None] = [error]
    while queue:
        cause = queue.pop()
        if cause is None or cause in found:
            continue
        found.append(cause)
        queue += [cause.__cause__, cause.__context__]
        if isinstance(cause, aiohttp.ClientConnectorError):
            queue.append(cause.os_error)
        if isinstance(cause, BaseExceptionGroup):
            queue += cause.exceptions
    return found
