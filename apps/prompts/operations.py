from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from apps.prompts.builtin import BUILTIN_SETS, BuiltinSet
from apps.prompts.messages import MalformedPrompt, check_messages, check_reference
from apps.prompts.models import Category, Prompt, PromptSet
from apps.prompts.texts import unstorable


class PromptSetIsFrozen(Exception):
    """A frozen version does not change; make the next version instead."""


def create_prompt_set(*, slug: str, title: str, **fields: Any) -> PromptSet:
    """A new prompt set, or the next version if the slug is taken."""
    latest = PromptSet.objects.filter(slug=slug).aggregate(latest=Max("version"))["latest"] or 0
    return PromptSet.objects.create(slug=slug, title=title, version=latest + 1, **fields)


def freeze_prompt_set(*, prompt_set: PromptSet, now: datetime) -> None:
    """From here on this version is what ratings refer to, so it stays as it is."""
    PromptSet.objects.editable().filter(pk=prompt_set.pk).update(frozen_at=now)
    prompt_set.refresh_from_db()


@transaction.atomic
def make_next_version(*, prompt_set: PromptSet) -> PromptSet:
    """An editable copy with all prompts."""
    copy = create_prompt_set(
        slug=prompt_set.slug,
        title=prompt_set.title,
        description=prompt_set.description,
        licence=prompt_set.licence,
        source=prompt_set.source,
        private_to=prompt_set.private_to,
    )
    prompts = list(prompt_set.prompts.all())
    for prompt in prompts:
        prompt.pk, prompt.prompt_set = None, copy
    Prompt.objects.bulk_create(prompts)
    return copy


@transaction.atomic
def add_prompts(*, prompt_set: PromptSet, rows: Iterable[Mapping[str, Any]]) -> int:
    """Adds prompts in file order; a key that is there already is left as it is. The number added.

    Rows have `key`, `messages` and optionally `category`, `language`, `reference`, `notes`.
    Raises PromptSetIsFrozen, MalformedPrompt (naming the key; nothing is added then).
    """
    if prompt_set.is_frozen:
        raise PromptSetIsFrozen(f"{prompt_set} is frozen; make its next version to change it.")
    known = set(prompt_set.prompts.values_list("key", flat=True))
    position = prompt_set.prompts.aggregate(last=Max("position"))["last"] or 0
    prompts = [_prompt(prompt_set, position + n, row) for n, row in enumerate(rows, 1)]
    new = list({prompt.key: prompt for prompt in prompts if prompt.key not in known}.values())
    Prompt.objects.bulk_create(new)
    return len(new)


def _prompt(prompt_set: PromptSet, position: int, row: Mapping[str, Any]) -> Prompt:
    reference = list(row.get("reference") or [])
    prompt = Prompt(
        prompt_set=prompt_set,
        key=row["key"],
        position=position,
        category=ensure_category(row.get("category") or "general"),
        language=row.get("language") or "en",
        messages=row["messages"],
        reference=reference,
        notes=row.get("notes") or "",
    )
    try:
        if problem := unstorable(dict(row)):
            raise MalformedPrompt(f"{problem}.")
        check_messages(prompt.messages)
        check_reference(reference, len(prompt.turns))
    except MalformedPrompt as problem:
        raise MalformedPrompt(f"prompt {prompt.key}: {problem}") from None
    return prompt


def ensure_category(name: str) -> Category:
    slug = slugify(name) or slugify(name, allow_unicode=True) or "general"
    return Category.objects.get_or_create(slug=slug, defaults={"name": name.replace("-", " ").capitalize()})[0]


def ensure_builtin_set(*, slug: str) -> PromptSet:
    """The newest version of a prompt set, a built-in one loaded if need be. Raises KeyError if there is none."""
    known = PromptSet.objects.filter(slug=slug).first()
    return known or _load_builtin_set(slug, BUILTIN_SETS[slug])


@transaction.atomic
def _load_builtin_set(slug: str, builtin: BuiltinSet) -> PromptSet:
    prompt_set = create_prompt_set(
        slug=slug, title=builtin.title, description=builtin.description, licence=builtin.licence, source=builtin.source
    )
    add_prompts(prompt_set=prompt_set, rows=builtin.rows())
    return prompt_set
