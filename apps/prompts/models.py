from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from apps.prompts.messages import MalformedPrompt, check_messages, check_reference
from apps.prompts.privacy import PrivateQuerySet, private_to


class Category(models.Model):
    """Catalogue. What a prompt asks for: writing, coding, riddles ..."""

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "categories"

    def __str__(self):
        return self.name


class PromptSetQuerySet(PrivateQuerySet["PromptSet"]):
    def frozen(self) -> Self:
        return self.filter(frozen_at__isnull=False)

    def editable(self) -> Self:
        return self.filter(frozen_at__isnull=True)


class PromptSet(models.Model):
    """Catalogue. One version of a prompt set: edited freely until frozen, then only copied into the next version."""

    slug = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    licence = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="Where the prompts come from.")
    private_to = private_to()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    frozen_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PromptSetQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "-version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_prompt_set_per_slug_and_version")]

    def __str__(self):
        return f"{self.title} v{self.version}"

    @property
    def is_frozen(self):
        return self.frozen_at is not None


class Prompt(models.Model):
    """Catalogue. A conversation's inputs in OpenAI message shape: maybe a system message, then the user's turns."""

    prompt_set = models.ForeignKey(PromptSet, on_delete=models.CASCADE, related_name="prompts")
    key = models.CharField(max_length=80, help_text="Its name within the set, for example writing-01.")
    position = models.PositiveIntegerField(default=0)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="prompts")
    language = models.CharField(max_length=20, default="en", help_text="BCP 47, for example en, te, ko.")
    messages = models.JSONField(help_text='[{"role": "user", "content": "..."}]; content may be a list of parts.')
    reference = models.JSONField(default=list, blank=True, help_text="One reference answer per user turn, or none.")
    notes = models.TextField(blank=True)

    class Meta:
        ordering = ["prompt_set", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["prompt_set", "key"], name="one_prompt_per_key_in_a_set")]

    def __str__(self):
        return f"{self.prompt_set.slug}/{self.key}"

    @property
    def turns(self):
        """The user's messages, in order."""
        return [message for message in self.messages if message["role"] == "user"]

    def clean(self):
        try:
            check_messages(self.messages)
            check_reference(self.reference, len(self.turns))
        except MalformedPrompt as problem:
            raise ValidationError(str(problem)) from problem
