"""A voice that waits for its turn before each call it makes."""

from judgeboard.llm.client import Request
from judgeboard.llm.completion import Completion
from workers.allowance import Allowance
from workers.steps.bounds import tokens_of
from workers.steps.step import Voice


class InTurn:
    """One question's calls under the lane's limits. Whoever made it has waited for the first call's turn already."""

    def __init__(self, voice: Voice, allowance: Allowance, counted: int) -> None:
        self._voice, self._allowance = voice, allowance
        self._counted: int | None = counted

    async def complete(self, request: Request) -> Completion:
        waited, self._counted = self._counted, None
        counted = await self._allowance.take(tokens_of(request.messages)) if waited is None else waited
        completion = await self._voice.complete(request)
        self._allowance.heard(counted, read=completion.tokens_in, written=completion.tokens_out)
        return completion

    async def list_models(self) -> list[str]:
        return await self._voice.list_models()
