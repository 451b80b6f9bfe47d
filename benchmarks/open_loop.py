"""Requests at a fixed rate, whether or not earlier ones were answered: waiting in a queue counts as taking long.

`python -m benchmarks.open_loop URL RATE SECONDS` prints the seconds each request took, from when it was due.
"""

import asyncio
import json
import sys
import time

import aiohttp

CONNECTIONS = 50  # kept alive
PATIENCE = 30.0  # seconds for one answer


async def taken(url: str, rate: float, seconds: float) -> list[float]:
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False) as session:
        started = time.perf_counter()
        due = (started + number / rate for number in range(round(rate * seconds)))
        return await asyncio.gather(*[_asked(session, url, at) for at in due])


async def _asked(session: aiohttp.ClientSession, url: str, due: float) -> float:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    async with session.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
        await answer.read()
        assert answer.status == 200, f"{answer.status} for {url}"
    return time.perf_counter() - due


if __name__ == "__main__":
    print(json.dumps(asyncio.run(taken(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))))
