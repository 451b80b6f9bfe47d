"""A tiny OpenAI-compatible endpoint that says what a test wants it to say, and remembers what it was asked."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Asked = dict[str, Any]  # the body of a chat request
Said = str | web.Response


@dataclass
class Scripted:
    """`asked`: the bodies of the chat requests; `keys`: what each request of any kind carried as its key."""

    base_url: str = ""
    asked: list[Asked] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def scripted(say: Callable[[Asked], Said], *, models: tuple[str, ...] = ("scripted",)) -> Iterator[Scripted]:
    """Serves on a free loopback port, in a thread of its own, until the block ends. `say` may block: others wait."""
    endpoint = Scripted()

    async def complete(request: web.Request) -> web.Response:
        endpoint.keys.append(_key(request))
        endpoint.asked.append(await request.json())
        said = await asyncio.to_thread(say, endpoint.asked[-1])
        return web.json_response(_completion(said)) if isinstance(said, str) else said

    async def list_models(request: web.Request) -> web.Response:
        endpoint.keys.append(_key(request))
        return web.json_response({"object": "list", "data": [{"id": name, "object": "model"} for name in models]})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", complete)
    app.router.add_get("/v1/models", list_models)
    with _serving(app) as origin:
        endpoint.base_url = f"{origin}/v1"
        yield endpoint


def json_body(text: str, **fields: Any) -> web.Response:
    """A completion with unusual fields, for example `usage`."""
    return web.json_response(_completion(text) | fields)


def _key(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


def _completion(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [choice],
        "usage": usage,
    }


@contextmanager
def _serving(app: web.Application) -> Iterator[str]:
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
    thread = threading.Thread(target=loop.run_forever, name="scripted endpoint", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def as_text(asked: Asked) -> str:
    """Everything in a request, as one text to look for words in."""
    return json.dumps(asked, ensure_ascii=False)
