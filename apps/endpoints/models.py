from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from apps.budgets.price import Price
from apps.leases.models import Leased
from apps.prompts.privacy import Viewer

PRICE: dict[str, Any] = {
    "max_digits": 10,
    "decimal_places": 6,
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(0)],
    "help_text": "Empty: not known.",
}


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def simulated(self) -> Self:
        return self.filter(simulated=True)

    def idle(self, now: datetime) -> Self:
        """Not being drained by anybody right now, and not resting."""
        free = models.Q(lane_until__isnull=True) | models.Q(lane_until__lt=now)
        rested = models.Q(resting_until__isnull=True) | models.Q(resting_until__lte=now)
        return self.filter(free & rested)


class Endpoint(models.Model):
    """Catalogue. One model behind one OpenAI-compatible address: a lane of work, drained by one worker at a time."""

    name = models.CharField(max_length=120)
    base_url = models.CharField(max_length=300, help_text="For example https://api.example.com/v1")
    model = models.CharField(max_length=200, help_text="The model's name at this endpoint.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="endpoints"
    )
    sealed_key = models.BinaryField(default=bytes, blank=True, editable=False)
    key_origin = models.CharField(max_length=300, blank=True, editable=False, help_text="Where the key may be sent.")
    key_hint = models.CharField(max_length=8, blank=True, editable=False, help_text="The key's last four characters.")
    concurrency = models.PositiveSmallIntegerField(
        default=8, help_text="Calls in flight at once, at most: fewer while it asks us to slow down."
    )
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: not limited.")
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="Both ways. Empty: not limited.")
    limit_group = models.SlugField(
        max_length=60, blank=True, help_text="Endpoints of one group share these limits, as models of one account do."
    )
    deadline = models.PositiveSmallIntegerField(default=120, help_text="Seconds for one call, all told.")
    usd_per_million_in = models.DecimalField("$ per million tokens in", **PRICE)
    usd_per_million_out = models.DecimalField("$ per million tokens out", **PRICE)
    price_source = models.CharField(max_length=300, blank=True, help_text="Where the price stands, for example a page.")
    price_date = models.DateField(null=True, blank=True, help_text="When it stood there.")
    simulated = models.BooleanField(default=False, help_text="Served by the simulator; labelled so on every page.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    learnt = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Calls at once that went well. Empty: it has never answered."
    )
    breaks = models.PositiveSmallIntegerField(default=0, editable=False, help_text="Rests since it last answered.")
    resting_until = models.DateTimeField(null=True, editable=False)
    trouble = models.CharField(max_length=500, blank=True, editable=False, help_text="Why it rests, in one sentence.")
    lane_token = models.UUIDField(null=True, editable=False)
    lane_until = models.DateTimeField(null=True, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def price(self) -> Price | None:
        """None: not known, or only half."""
        if self.usd_per_million_in is None or self.usd_per_million_out is None:
            return None
        return Price(Decimal(self.usd_per_million_in), Decimal(self.usd_per_million_out))

    def is_shown_to(self, viewer: Viewer) -> bool:
        """Where a model is asked, and the end of its key, are its owner's business, and the maintainers'."""
        return viewer.is_staff or (viewer.is_authenticated and self.owner_id == viewer.pk)


class EndpointCheck(Leased):
    """Evidence. Five ticks, gained by the very code path of a run, and what else judges may be asked for."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="checks")
    reachable = models.BooleanField(null=True)
    key_accepted = models.BooleanField(null=True)
    model_listed = models.BooleanField(null=True)
    replies = models.BooleanField(null=True)
    parameters_accepted = models.BooleanField(null=True)
    structured = models.BooleanField(null=True, help_text="Binds its replies to a JSON schema; no fault if not.")
    log_probabilities = models.BooleanField(null=True, help_text="Tells how probable its words were; no fault if not.")
    reply = models.TextField(blank=True)
    latency_ms = models.PositiveIntegerField(null=True)

    TICKS = ("reachable", "key_accepted", "model_listed", "replies", "parameters_accepted")
    ABILITIES = ("structured", "log_probabilities")  # no fault where missing

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["endpoint", "status", "next_at"])]

    def __str__(self):
        return f"check of {self.endpoint} ({self.get_status_display()})"


class Worker(models.Model):
    """A process that asks models or looks for work, as it was last heard of.

    It is told for people alone: who may ask what is said by lanes and leases.
    """

    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField(help_text="Its number on that host.")
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(help_text="When it was last heard of.")
    lanes = models.JSONField(default=list, help_text="Keys of the endpoints it was asking then.")

    class Meta:
        ordering = ["host", "process", "started_at"]
        constraints = [
            models.UniqueConstraint(fields=["host", "process", "started_at"], name="one_worker_per_process_and_start")
        ]

    def __str__(self):
        return f"process {self.process} on {self.host}"
