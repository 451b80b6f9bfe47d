"""The simulator over HTTP: an OpenAI-compatible endpoint, and beside it what only the simulator knows."""

import asyncio
import hmac
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import web

from . import chat
from .cast import Cast
from .chance import generator
from .chances import chances
from .contenders import Contender, answer
from .counts import Counts
from .faults import Fault, Faults
from .logprobs import logprobs
from .readers import reply

_LARGEST_BODY = 16 * 2**20  # prompts may carry images as data URIs
_NO_MODEL = ""


class ResponseFormat(StrEnum):
    """What happens to a request that wants a JSON schema: real endpoints without support refuse or ignore it."""

    REFUSED = "refused"
    IGNORED = "ignored"
    OBEYED = "obeyed"


class LogProbabilities(StrEnum):
    """What happens to a request that wants log-probabilities."""

    REFUSED = "refused"
    IGNORED = "ignored"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Options:
    """How the simulator behaves. Equal options (and equal requests in equal order) give equal replies.

    latency_seconds: median of the time a completion takes; 0: at once
    latency_spread:  sd of its logarithm; at .35 one call in twenty takes 1.8 times the median
    api_key:         the key that is asked for; empty: none
    """

    seed: int = 0
    latency_seconds: float = 0.0
    latency_spread: float = 0.35
    faults: Faults = field(default_factory=Faults)
    api_key: str = ""
    response_format: ResponseFormat = ResponseFormat.REFUSED
    log_probabilities: LogProbabilities = LogProbabilities.TOLD
    cast: Cast = field(default_factory=Cast)

    def latency(self, number: int) -> float:
        """Seconds that the completion of request `number` takes; requests are counted from 1 as they arrive."""
        chance = generator(self.seed, "latency", number)
        return self.latency_seconds * chance.lognormvariate(0, self.latency_spread)


class Simulator:
    """The handlers of one simulated endpoint, with its counts."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.counts = Counts()
        self._models = options.cast.by_name()
        self._number = 0

    def app(self) -> web.Application:
        app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_errors_in_openai_shape])
        app.router.add_get("/v1/models", self._list_models)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/simulator/truth", self._show_truth)
        app.router.add_get("/simulator/counts", self._show_counts)
        return app

    async def _show_truth(self, _request: web.Request) -> web.Response:
        return web.json_response({"seed": self.options.seed, **self.options.cast.truth()})

    async def _show_counts(self, _request: web.Request) -> web.Response:
        return web.json_response(self.counts.as_dict())

    async def _list_models(self, request: web.Request) -> web.Response:
        self._check_key(request)
        return web.json_response(chat.model_list({name: model.family for name, model in self._models.items()}))

    async def _complete(self, request: web.Request) -> web.Response:
        self._number += 1
        number, model = self._number, _NO_MODEL
        try:
            self._check_key(request)
            body = await request.read()
            asked = chat.read_request(body)
            self._check_served(asked)
            model = asked.model
            self._check_format(asked)
            self._check_logprobs(asked)
        except chat.RequestRefused as refused:
            self.counts.add(model=model, result=_RESULT_BY_STATUS[refused.status])
            raise
        return await self._respond(asked, body, number)

    async def _respond(self, asked: chat.ChatRequest, body: bytes, number: int) -> web.Response:
        fault = self.options.faults.drawn(seed=self.options.seed, number=number)
        if fault is not None:
            self.counts.add(model=asked.model, result=fault)
            return await _FAULTY[fault](self, asked, number)
        await self._take_time(number)
        response = web.json_response(self._completion(asked, number))
        self.counts.add_answered(model=asked.model, body=body)
        return response

    def _completion(self, asked: chat.ChatRequest, number: int) -> dict[str, object]:
        text = self._text(asked)
        return chat.completion(
            asked,
            text,
            logprobs=self._logprobs(asked, text),
            identity=f"{generator(self.options.seed, 'id', number).getrandbits(96):024x}",
            created=int(time.time()),
            fingerprint=f"sim_{generator(self.options.seed, 'fingerprint').getrandbits(40):010x}",
        )

    def _text(self, asked: chat.ChatRequest) -> str:
        model, seed = self._models[asked.model], self.options.seed
        if isinstance(model, Contender):
            text = answer(model, asked.user_turns, seed=seed, sampling=asked.sampling)
        else:
            text = reply(model, asked.everything, seed=seed, sampling=asked.sampling)
        obeyed = asked.wants_schema and self.options.response_format is ResponseFormat.OBEYED
        return chat.as_object(text, asked.menu) if obeyed else text

    def _logprobs(self, asked: chat.ChatRequest, text: str) -> dict[str, Any] | None:
        if asked.top_logprobs is None or self.options.log_probabilities is not LogProbabilities.TOLD:
            return None
        model, kept = self._models[asked.model], chat.cut(asked, text)
        planted = {} if isinstance(model, Contender) else chances(model, asked.everything, seed=self.options.seed)
        return logprobs(kept, top=asked.top_logprobs, chances=planted)

    async def _take_time(self, number: int) -> None:
        if self.options.latency_seconds:
            await asyncio.sleep(self.options.latency(number))

    def _check_key(self, request: web.Request) -> None:
        if not self.options.api_key:
            return
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        # Compared as bytes: compare_digest refuses texts beyond ASCII, and a client may send anything.
        if not hmac.compare_digest(_bytes(given), _bytes(self.options.api_key)):
            raise chat.RequestRefused(401, "Incorrect API key provided.", code="invalid_api_key")

    def _check_served(self, asked: chat.ChatRequest) -> None:
        if asked.model not in self._models:
            raise chat.RequestRefused(
                404, f"The model '{asked.model}' does not exist.", param="model", code="model_not_found"
            )

    def _check_format(self, asked: chat.ChatRequest) -> None:
        if asked.wants_schema and self.options.response_format is ResponseFormat.REFUSED:
            raise chat.RequestRefused(
                400,
                "unsupported: 'response_format' of type 'json_schema' is not supported with this model.",
                param="response_format",
                code="unsupported_parameter",
            )

    def _check_logprobs(self, asked: chat.ChatRequest) -> None:
        if asked.top_logprobs is not None and self.options.log_probabilities is LogProbabilities.REFUSED:
            raise chat.RequestRefused(
                400,
                "unsupported: 'logprobs' is not supported with this model.",
                param="logprobs",
                code="unsupported_parameter",
            )

    async def _rate_limited(self, _asked: chat.ChatRequest, _number: int) -> web.Response:
        seconds = self.options.faults.retry_after_seconds
        return web.json_response(
            chat.error(
                f"Rate limit reached. Please try again in {seconds} s.",
                kind="requests",
                code="rate_limit_exceeded",
            ),
            status=429,
            headers={"Retry-After": str(seconds)},
        )

    async def _server_error(self, _asked: chat.ChatRequest, _number: int) -> web.Response:
        return web.json_response(
            chat.error("The server had an error while processing your request.", kind="server_error"), status=500
        )

    async def _timed_out(self, _asked: chat.ChatRequest, _number: int) -> web.Response:
        await asyncio.sleep(self.options.faults.hang_seconds)
        return web.json_response(chat.error("The model took too long.", kind="server_error"), status=504)

    async def _half_json(self, asked: chat.ChatRequest, number: int) -> web.Response:
        whole = json.dumps(self._completion(asked, number))
        return web.Response(text=whole[: len(whole) // 2], content_type="application/json")

    async def _empty_choice(self, asked: chat.ChatRequest, number: int) -> web.Response:
        return web.json_response({**self._completion(asked, number), "choices": []})


_RESULT_BY_STATUS = {400: "bad_request", 401: "unauthorized", 404: "not_found"}

_FAULTY: dict[Fault, Callable[[Simulator, chat.ChatRequest, int], Awaitable[web.Response]]] = {
    Fault.RATE_LIMITED: Simulator._rate_limited,
    Fault.SERVER_ERROR: Simulator._server_error,
    Fault.TIMED_OUT: Simulator._timed_out,
    Fault.HALF_JSON: Simulator._half_json,
    Fault.EMPTY_CHOICE: Simulator._empty_choice,
}


@web.middleware
async def _errors_in_openai_shape(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except chat.RequestRefused as refused:
        body = chat.error(refused.message, kind="invalid_request_error", param=refused.param, code=refused.code)
        return web.json_response(body, status=refused.status)
    except web.HTTPException as failed:  # unknown path, wrong method, body too large
        body = chat.error(f"{failed.reason}: {request.method} {request.path}", kind="invalid_request_error")
        return web.json_response(body, status=failed.status)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
