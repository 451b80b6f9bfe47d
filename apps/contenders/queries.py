from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Avg, QuerySet

from apps.contenders.models import Contender, Output
from apps.prompts.models import Category, PromptSet
from apps.prompts.privacy import STRANGER, Viewer


def contender_by_slug(slug: str, viewer: Viewer = STRANGER) -> Contender | None:
    return Contender.objects.seen_by(viewer).select_related("endpoint").filter(slug=slug).first()


def contenders_by_slug(*slugs: str, viewer: Viewer = STRANGER) -> dict[str, Contender]:
    """Those that exist."""
    rows = Contender.objects.seen_by(viewer).select_related("endpoint").filter(slug__in=slugs)
    return {found.slug: found for found in rows}


def contenders_by_name(viewer: Viewer = STRANGER) -> QuerySet[Contender]:
    return Contender.objects.seen_by(viewer).order_by("name")


def contender_slugs() -> Iterable[str]:
    return Contender.objects.public().values_list("slug", flat=True)


class MeanTokens(NamedTuple):
    read: float | None
    written: float | None


def mean_tokens(prompt_sets: QuerySet[PromptSet], category: Category | None = None) -> dict[int, MeanTokens]:
    """What one answer to these prompts took, by contender; None where nobody counted."""
    answers = Output.objects.done().filter(prompt__prompt_set__in=prompt_sets)
    if category:
        answers = answers.filter(prompt__category=category)
    rows = answers.order_by().values_list("contender").annotate(Avg("tokens_in"), Avg("tokens_out"))
    return {contender: MeanTokens(read, written) for contender, read, written in rows}
