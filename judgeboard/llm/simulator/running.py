"""A simulator that listens: for as long as a process lives, or for as long as a test's `with` block runs."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .server import Options, Simulator

_SECONDS_TO_START = 10.0
_SECONDS_TO_END = 0.2  # for replies under way; whoever hangs on purpose is cut off


@asynccontextmanager
async def listening(simulator: Simulator, *, host: str, port: int) -> AsyncIterator[str]:
    """Serve `simulator` and give its base URL; port 0 takes a free one. An OSError when the port is taken."""
    # A handler ends with its client: otherwise planted time-outs pile up.
    runner = web.AppRunner(
        simulator.app(), access_log=None, handler_cancellation=True, shutdown_timeout=_SECONDS_TO_END
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound_port = runner.addresses[0][1]
        yield f"http://{f'[{host}]' if ':' in host else host}:{bound_port}/v1"
    finally:
        await runner.cleanup()


@dataclass(frozen=True, slots=True)
class RunningSimulator:
    """A simulator in a thread of its own, under `base_url`."""

    base_url: str
    simulator: Simulator

    @property
    def counts(self) -> dict[str, Any]:
        """Calls so far, by model and by result (see `Counts`)."""
        return self.simulator.counts.as_dict()

    @property
    def truth(self) -> dict[str, Any]:
        """What is planted: skills and biases in Elo points."""
        return self.simulator.options.cast.truth()


@contextmanager
def running_simulator(options: Options | None = None) -> Iterator[RunningSimulator]:
    """Serve on a free loopback port in a thread with its own event loop; ends with the block."""
    simulator = Simulator(options or Options())
    started: Future[_Started] = Future()
    thread = threading.Thread(target=_serve_in_thread, args=(simulator, started), name="simulator", daemon=True)
    thread.start()
    serving = started.result(timeout=_SECONDS_TO_START)
    try:
        yield RunningSimulator(serving.base_url, simulator)
    finally:
        serving.loop.call_soon_threadsafe(serving.ended.set)
        thread.join()


@dataclass(frozen=True, slots=True)
class _Started:
    base_url: str
    loop: asyncio.AbstractEventLoop
    ended: asyncio.Event


def _serve_in_thread(simulator: Simulator, started: Future[_Started]) -> None:
    try:
        asyncio.run(_serve(simulator, started))
    except Exception as failed:
        if started.done():
            raise
        started.set_exception(failed)  # the thread that waits for the start raises it


async def _serve(simulator: Simulator, started: Future[_Started]) -> None:
    ended = asyncio.Event()
    async with listening(simulator, host="127.0.0.1", port=0) as base_url:
        started.set_result(_Started(base_url, asyncio.get_running_loop(), ended))
        await ended.wait()
