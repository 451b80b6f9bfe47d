from collections.abc import Iterable

from apps.contenders.models import Contender


def contender_by_slug(slug: str) -> Contender | None:
    return Contender.objects.select_related("endpoint").filter(slug=slug).first()


def contender_slugs() -> Iterable[str]:
    return Contender.objects.values_list("slug", flat=True)
