"""What the rows of a file may refer to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender
from apps.exchange.report import BadRow
from apps.prompts.models import Prompt, PromptSet


@dataclass(frozen=True)
class KnownPrompt:
    pk: int
    turns: int


class KnownPrompts:
    """The prompts of the set by key, read once."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        prompts = Prompt.objects.filter(prompt_set=prompt_set_of(slug))
        self._by_key = {prompt.key: KnownPrompt(prompt.pk, len(prompt.turns)) for prompt in prompts}

    def __getitem__(self, key: str) -> KnownPrompt:
        if key not in self._by_key:
            raise BadRow(f"Question {key} is not in the prompt set {self.slug}; import its question file first.")
        return self._by_key[key]


def prompt_set_of(slug: str) -> PromptSet | None:
    """The newest frozen version, which is what published verdicts are about; else the newest."""
    versions = PromptSet.objects.filter(slug=slug)
    return versions.frozen().order_by("-version").first() or versions.order_by("-version").first()


def contender_ids(names: Iterable[str], private_to: User | None = None) -> dict[str, int]:
    """The keys of the contenders of these names, made where they are new; `private_to`: those of that person alone."""
    wanted = set(names)
    found = dict(Contender.objects.filter(name__in=wanted, private_to=private_to).values_list("name", "pk"))
    return found | {
        name: ensure_contender(name=name, private_to=private_to).pk for name in sorted(wanted - found.keys())
    }
