from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from apps.prompts.models import Prompt, PromptSet
from apps.prompts.privacy import STRANGER, Viewer


def prompt_sets(viewer: Viewer = STRANGER) -> QuerySet[PromptSet]:
    """The newest version of each set, with the number of its prompts, categories, languages and reference answers."""
    newest = PromptSet.objects.seen_by(viewer).values("slug").annotate(newest=Max("version"))
    latest = Q(pk__in=[])
    for row in newest:
        latest |= Q(slug=row["slug"], version=row["newest"])
    return _counted(PromptSet.objects.filter(latest)).order_by("title")


def prompt_set(slug: str, version: int | None = None, viewer: Viewer = STRANGER) -> PromptSet | None:
    """One version of a set, or its newest."""
    versions = _counted(PromptSet.objects.seen_by(viewer).filter(slug=slug)).order_by("-version")
    return (versions.filter(version=version) if version else versions).first()


def prompt_set_versions(slug: str, viewer: Viewer = STRANGER) -> list[int]:
    return list(
        PromptSet.objects.seen_by(viewer).filter(slug=slug).order_by("-version").values_list("version", flat=True)
    )


def prompts_of(prompt_set: PromptSet, category: str = "") -> QuerySet[Prompt]:
    """In their order; of one category where its slug is given."""
    rows = prompt_set.prompts.select_related("category").order_by("position", "pk")
    return rows.filter(category__slug=category) if category else rows


@dataclass(frozen=True)
class Place:
    """A prompt as the n-th of its set, counted from 1."""

    prompt: Prompt
    n: int
    of: int

    @property
    def before(self) -> int | None:
        return self.n - 1 if self.n > 1 else None

    @property
    def after(self) -> int | None:
        return self.n + 1 if self.n < self.of else None


def place_in(prompt_set: PromptSet, n: int) -> Place | None:
    """None where the set has fewer prompts."""
    of = prompt_set.prompts.count()
    if not 1 <= n <= of:
        return None
    found = prompts_of(prompt_set)[n - 1]
    found.prompt_set = prompt_set
    return Place(found, n, of)


def place_of(prompt: Prompt) -> int:
    """Which of its set it is, counted from 1."""
    before = Q(position__lt=prompt.position) | Q(position=prompt.position, pk__lt=prompt.pk)
    return Prompt.objects.filter(before, prompt_set=prompt.prompt_set_id).count() + 1


def _counted(rows: QuerySet[PromptSet]) -> QuerySet[PromptSet]:
    return rows.annotate(
        n_prompts=Count("prompts"),
        n_categories=Count("prompts__category", distinct=True),
        n_languages=Count("prompts__language", distinct=True),
        n_references=Count("prompts", filter=~Q(prompts__reference=[])),
    )
