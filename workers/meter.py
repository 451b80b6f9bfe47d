"""What one question did cost, whichever way it ended."""

from decimal import Decimal

from apps.budgets.price import NOTHING, Price, Tokens
from judgeboard.llm.client import Request
from judgeboard.llm.completion import Completion
from judgeboard.llm.errors import CallFailed, Lasting, RateLimited, TooLarge, Unreachable
from workers.steps.bounds import most_tokens
from workers.steps.step import Voice

UNPAID = (RateLimited, Lasting, Unreachable)  # turned away or never heard: no model was at work
MOST_TOLD = 2**31  # tokens; who tells more, or fewer than none, tells nothing


class Meter:
    """A voice that counts: by what the endpoint tells, and where it tells nothing by what was expected at most.

    Of a call that broke off (a time-out, half an answer, one too large, a fault on the other side) the provider may
    have made its price, so it counts as expected.
    """

    def __init__(self, voice: Voice, price: Price | None) -> None:
        self._voice, self._price = voice, price
        self._told, self._guessed = NOTHING, NOTHING

    async def complete(self, request: Request) -> Completion:
        try:
            completion = await self._voice.complete(request)
        except CallFailed as failure:
            if isinstance(failure, TooLarge) or not isinstance(failure, UNPAID):
                self._guessed += self._usd(most_tokens(request))
            raise
        used = Tokens(completion.tokens_in, completion.tokens_out)
        if _is_told(used):
            self._told += self._usd(used)
        else:
            self._guessed += self._usd(most_tokens(request))
        return completion

    async def list_models(self) -> list[str]:
        return await self._voice.list_models()

    def usd(self, *, reserved: Decimal | None = None) -> Decimal:
        """Dollars. A guess never goes beyond what was reserved; what the endpoint told may."""
        if reserved is None:
            return self._told + self._guessed
        return self._told + min(self._guessed, max(NOTHING, reserved - self._told))

    def _usd(self, tokens: Tokens) -> Decimal:
        return self._price.of(tokens) if self._price else NOTHING


def _is_told(used: Tokens) -> bool:
    return 0 < used.read < MOST_TOLD and 0 <= used.written < MOST_TOLD
