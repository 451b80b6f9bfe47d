"""The SDK of OpenAI over aiohttp, with its own retries: what one would write in thirty lines."""

import asyncio
from collections.abc import Callable

from openai import AsyncOpenAI, DefaultAioHttpClient

from benchmarks.peers.asking.exchange import API_KEY, MODEL, Job, Judgment, verdict

REMARK = "keeps nothing until its end"

_kept: list[str | BaseException | None] = []


def prepared(job: Job) -> Callable[[], None]:
    return lambda: asyncio.run(_ask(job))


def verdicts(_job: Job) -> list[str]:
    return [kind for kind in _kept if isinstance(kind, str)]


async def _ask(job: Job) -> None:
    places = asyncio.Semaphore(job.at_once)
    async with AsyncOpenAI(base_url=job.base_url, api_key=API_KEY, http_client=DefaultAioHttpClient()) as client:

        async def judged(judgment: Judgment) -> str | None:
            async with places:
                messages = [{"role": "user", "content": judgment.prompt}]
                completion = await client.chat.completions.create(model=MODEL, messages=messages, temperature=0)
            return verdict(completion.choices[0].message.content)

        _kept.extend(await asyncio.gather(*map(judged, job.judgments), return_exceptions=True))
