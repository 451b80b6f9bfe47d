from collections.abc import Iterable

from django.db.models import QuerySet

from apps.contenders.models import Contender


def contender_by_slug(slug: str) -> Contender | None:
    return Contender.objects.select_related("endpoint").filter(slug=slug).first()


def contenders_by_slug(*slugs: str) -> dict[str, Contender]:
    """Those that exist."""
    return {found.slug: found for found in Contender.objects.select_related("endpoint").filter(slug__in=slugs)}


def contenders_by_name() -> QuerySet[Contender]:
    return Contender.objects.order_by("name")


def contender_slugs() -> Iterable[str]:
    return Contender.objects.values_list("slug", flat=True)
