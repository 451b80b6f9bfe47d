from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from apps.endpoints.models import Endpoint
from apps.leases.models import Leased
from apps.matches.models import Match
from judgeboard.arena.outcome import Outcome

OUTCOMES = [(outcome.value, outcome.value.replace("_", " ")) for outcome in Outcome]


class Judge(models.Model):
    """Catalogue. A model with one way of judging; a change of prompt, model or settings is a new version: a new row."""

    slug = models.SlugField(max_length=120)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="judges")
    protocol = models.CharField(max_length=40, default="pairwise-1", help_text="The form of the judge prompt.")
    instructions = models.TextField(blank=True, help_text="Added to the judge prompt.")
    family = models.CharField(max_length=80, blank=True)
    temperature = models.FloatField(null=True, blank=True, default=0, help_text="Empty: not sent.")
    max_tokens = models.PositiveIntegerField(default=4096, validators=[MinValueValidator(1)])
    human_elo = models.FloatField(null=True, blank=True, help_text="Its own published human rating, if it has one.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["slug", "version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_judge_per_slug_and_version")]

    def __str__(self):
        return f"{self.name} v{self.version}" if self.version > 1 else self.name

    @property
    def simulated(self):
        return self.endpoint is not None and self.endpoint.simulated


class Judgment(Leased):
    """Evidence. One judge on one match in one order. The outcome is told from the sides of the match, not as shown."""

    class Order(models.TextChoices):
        A_FIRST = "ab", "A shown first"
        B_FIRST = "ba", "B shown first"
        MERGED = "merged", "both orders in one verdict"  # as some published files have it

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="judgments")
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="judgments")
    order = models.CharField(max_length=6, choices=Order)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, null=True)  # noqa: DJ001 (no verdict is not an empty one)
    flipped = models.BooleanField(default=False, help_text="A merged verdict whose two orders disagreed.")
    raw = models.TextField(blank=True, help_text="The whole reply, so that it can be read again without a call.")
    reason = models.TextField(blank=True)
    served_model = models.CharField(max_length=200, blank=True)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "match", "order"], name="one_judgment_per_judge_match_and_order"),
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=False) | ~models.Q(status="done"),
                name="a_done_judgment_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["judge", "status", "next_at"]),
            models.Index(fields=["answered_at"]),  # "is there newer evidence?" looks at new rows only
        ]

    def __str__(self):
        return f"{self.judge} on {self.match} ({self.get_order_display()})"
