"""What makes a reply, as one digest: what was asked under the same digest before is not paid for again."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.judging.models import Judgment, Score
from apps.leases.models import LeasedQuerySet
from judgeboard.llm.client import Request
from workers.steps.step import Question

Row = TypeVar("Row", bound=Output | Judgment | Score)


def digest_of(endpoint: Endpoint | None, request: Request, *, asked_as: Sequence[object]) -> str:
    """SHA-256 in hex of where, what and how.

    asked_as: in whose name, so that a new version is asked anew though nothing that can be seen from here has changed.
    """
    assert endpoint is not None  # whoever is asked has one: it is the lane
    how = [request.temperature, request.max_tokens, list(asked_as)]
    told = json.dumps([endpoint.base_url, endpoint.model, list(request.messages), how], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def answered_before(model: type[Row], questions: Iterable[Question]) -> dict[str, Row]:
    """The rows that were answered under these digests, by digest: one query."""
    digests = {question.digest for question in questions} - {""}
    rows: LeasedQuerySet = model.objects.done().filter(digest__in=digests)
    return {row.digest: row for row in rows} if digests else {}
