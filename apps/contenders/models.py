from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from apps.endpoints.models import Endpoint
from apps.leases.models import Leased
from apps.prompts.models import Prompt
from apps.prompts.privacy import PrivateQuerySet, private_to


class Contender(models.Model):
    """Catalogue. A model under test with fixed sampling settings; pages say *Model*. Imported ones have no endpoint."""

    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=200)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="contenders")
    organisation = models.CharField(max_length=120, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    open_weights = models.BooleanField(null=True, blank=True)
    family = models.CharField(max_length=80, blank=True, help_text="Models of one family never judge each other.")
    card = models.TextField(blank=True, help_text="What people should know about it (Markdown).")
    temperature = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(2)], help_text="Empty: not sent."
    )
    max_tokens = models.PositiveIntegerField(default=2048, validators=[MinValueValidator(1)])
    system_prompt = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="contenders"
    )
    private_to = private_to()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PrivateQuerySet["Contender"].as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(private_to=None), name="one_public_contender_per_name"
            ),
            models.UniqueConstraint(fields=["name", "private_to"], name="one_contender_per_name_and_whose_it_is"),
        ]

    def __str__(self):
        return self.name

    @property
    def simulated(self):
        return self.endpoint is not None and self.endpoint.simulated


class Output(Leased):
    """Evidence. What one contender answered to one prompt: one text per user turn."""

    contender = models.ForeignKey(Contender, on_delete=models.CASCADE, related_name="outputs")
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="outputs")
    texts = models.JSONField(default=list)
    finish_reason = models.CharField(max_length=40, blank=True)
    served_model = models.CharField(max_length=200, blank=True, help_text="The name the endpoint answered under.")
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)
    digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of all that made the reply; see workers.steps.digest.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contender", "prompt"], name="one_output_per_contender_and_prompt")
        ]
        indexes = [
            models.Index(fields=["contender", "status", "next_at"]),
            models.Index(fields=["digest"]),
            models.Index(fields=["answered_at"]),  # what came in of late is counted without the rest
        ]

    def __str__(self):
        return f"{self.contender} on {self.prompt}"
