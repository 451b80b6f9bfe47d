from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Avg, QuerySet

from apps.contenders.models import Contender, Output
from apps.prompts.models import Category, PromptSet


def contender_by_slug(slug: str) -> Contender | None:
    return Contender.objects.select_related("endpoint").filter(slug=slug).first()


def contenders_by_slug(*slugs: str) -> dict[str, Contender]:
    """Those that exist."""
    return {found.slug: found for found in Contender.objects.select_related("endpoint").filter(slug__in=slugs)}


def contenders_by_name() -> QuerySet[Contender]:
    return Contender.objects.order_by("name")


def contender_slugs() -> Iterable[str]:
    return Contender.objects.values_list("slug", flat=True)


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
