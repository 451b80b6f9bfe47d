from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.budgets.price import Price
from apps.endpoints.address import check_base_url
from apps.endpoints.models import Endpoint, EndpointCheck, Worker
from apps.endpoints.seal import origin_of, seal


def register_endpoint(*, name: str, base_url: str, model: str, key: str = "", **settings: Any) -> Endpoint:
    """Writes down a new endpoint, its key sealed. Raises UnusableAddress."""
    endpoint = Endpoint(name=name, base_url=check_base_url(base_url), model=model, **settings)
    _put_key(endpoint, key)
    endpoint.save()
    return endpoint


def ensure_endpoint(*, base_url: str, model: str, key: str = "", **settings: Any) -> Endpoint:
    """The ownerless endpoint of this address and model, registered if it is new; key and settings are refreshed."""
    base_url = check_base_url(base_url)
    with transaction.atomic():
        endpoint = Endpoint.objects.filter(base_url=base_url, model=model, owner=None).order_by("pk").first()
        if endpoint is None:
            return register_endpoint(base_url=base_url, model=model, key=key, **{"name": model, **settings})
        for field, value in settings.items():
            setattr(endpoint, field, value)
        if key:
            _put_key(endpoint, key)
        endpoint.save()
    return endpoint


def told_price(price: Price, *, source: str) -> dict[str, Any]:
    """The fields of an endpoint whose price was told today."""
    return {
        "usd_per_million_in": price.read,
        "usd_per_million_out": price.written,
        "price_source": source,
        "price_date": timezone.now().date(),
    }


def write_price(*, endpoint: Endpoint, price: Price, source: str) -> None:
    told = told_price(price, source=source)
    for field, value in told.items():
        setattr(endpoint, field, value)
    endpoint.save(update_fields=list(told))


def move_endpoint(*, endpoint: Endpoint, base_url: str) -> None:
    """Changes the address. A key entered for another origin is erased: it is never sent anywhere else."""
    endpoint.base_url = check_base_url(base_url)
    if endpoint.key_origin != origin_of(endpoint.base_url):
        _put_key(endpoint, "")
    _forget_pace(endpoint)
    endpoint.save()


def replace_key(*, endpoint: Endpoint, key: str) -> None:
    _put_key(endpoint, key)
    _forget_pace(endpoint)
    endpoint.save()


def _put_key(endpoint: Endpoint, key: str) -> None:
    endpoint.sealed_key = seal(key, endpoint.base_url)
    endpoint.key_origin = origin_of(endpoint.base_url) if key else ""
    # Of a short key the last four characters would be most of it.
    endpoint.key_hint = key[-4:] if len(key) >= 12 else ""


def _forget_pace(endpoint: Endpoint) -> None:
    """Another address, or another account there, is asked at once, and carefully."""
    endpoint.learnt, endpoint.breaks, endpoint.resting_until, endpoint.trouble = None, 0, None, ""


def want_check(*, endpoint: Endpoint) -> EndpointCheck:
    """Asks the workers to try the endpoint; a check that is still open serves again."""
    return EndpointCheck.objects.open().filter(endpoint=endpoint).first() or EndpointCheck.objects.create(
        endpoint=endpoint
    )


def hold_lane(*, endpoint_id: int, token: UUID, now: datetime, until: datetime) -> bool:
    """Takes the lane for one drain, or keeps it; False while another drain has it."""
    free = Q(lane_until__isnull=True) | Q(lane_until__lt=now) | Q(lane_token=token)
    return Endpoint.objects.filter(free, pk=endpoint_id).update(lane_token=token, lane_until=until) == 1


def leave_lane(*, endpoint_id: int, token: UUID) -> None:
    Endpoint.objects.filter(pk=endpoint_id, lane_token=token).update(lane_token=None, lane_until=None)


def note_pace(
    *, endpoint_id: int, token: UUID, learnt: int | None, breaks: int, resting_until: datetime | None, trouble: str
) -> None:
    """What a drain has learnt of its lane, for the next one."""
    Endpoint.objects.filter(pk=endpoint_id, lane_token=token).update(
        learnt=learnt, breaks=breaks, resting_until=resting_until, trouble=trouble[:500]
    )


def beat(*, host: str, process: int, started_at: datetime, lanes: Sequence[int], now: datetime) -> None:
    """Writes down that a worker is there and which lanes it is on: one statement, the first time two."""
    told = {"beat_at": now, "lanes": list(lanes)}
    who = {"host": host, "process": process, "started_at": started_at}
    if not Worker.objects.filter(**who).update(**told):
        Worker.objects.bulk_create([Worker(**who, **told)], ignore_conflicts=True)


def forget_workers(*, silent_since: datetime) -> int:
    """Removes those that nobody has heard of for so long."""
    return Worker.objects.filter(beat_at__lt=silent_since).delete()[0]
