from collections.abc import Sequence
from typing import Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from apps.contenders.models import Output
from apps.endpoints.models import Endpoint
from apps.leases.models import Leased
from apps.matches.models import Match
from judgeboard.arena import judge_reply
from judgeboard.arena.judge_reply import Menu, Verdict
from judgeboard.arena.outcome import Outcome
from judgeboard.arena.protocols import POINTWISE_SLUGS, PROTOCOLS, protocol_of
from judgeboard.arena.verdict_chances import Chances, Token, expected_score, score_chances, verdict_chances

IMPORTED = "imported"
OUTCOMES = [(outcome.value, outcome.value.replace("_", " ")) for outcome in Outcome]

PROTOCOL_CHOICES = [*((slug, protocol.title) for slug, protocol in PROTOCOLS.items()), (IMPORTED, "As imported")]


class Judge(models.Model):
    """Catalogue. A model with one way of judging; a change of prompt, model or settings is a new version: a new row."""

    slug = models.SlugField(max_length=120)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="judges")
    protocol = models.CharField(
        max_length=40,
        choices=PROTOCOL_CHOICES,
        default="pairwise-1",
        help_text="What it is told to do, and how it ends.",
    )
    instructions = models.TextField(blank=True, help_text="Added to the judge prompt.")
    family = models.CharField(max_length=80, blank=True)
    temperature = models.FloatField(null=True, blank=True, default=0, help_text="Empty: not sent.")
    max_tokens = models.PositiveIntegerField(default=4096, validators=[MinValueValidator(1)])
    human_elo = models.FloatField(null=True, blank=True, help_text="Its own published human rating, if it has one.")
    admitted = models.BooleanField(
        default=False, help_text="May judge whatever its human rating and its agreement with people."
    )
    may_judge_kin = models.BooleanField(
        "may judge its own family", default=False, help_text="Such verdicts are marked and change no rating."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["slug", "version"]
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_judge_per_slug_and_version")]

    def __str__(self):
        return f"{self.name} v{self.version}" if self.version > 1 else self.name

    @property
    def is_pointwise(self):
        return self.protocol in POINTWISE_SLUGS

    @property
    def simulated(self):
        return self.endpoint is not None and self.endpoint.simulated


class Heard(Leased):
    """What a judge was asked and what it said, whatever its protocol."""

    judge: Judge
    chances = models.JSONField(
        null=True,
        help_text="How probable each verdict was, as the model's log-probabilities tell. Changes no rating.",
    )
    raw = models.TextField(blank=True, help_text="All it said, so that it can be read again without a call.")
    reason = models.TextField(blank=True)
    served_model = models.CharField(max_length=200, blank=True)
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
        abstract = True

    def told(self, verdict: Any) -> dict[str, Any]:
        """The fields that a legal verdict comes to; None: no verdict."""
        raise NotImplementedError

    def chances_in(self, text: str, tokens: Sequence[Token], menu: Menu[Any]) -> Chances | None:
        """How probable each verdict was in a reply with these tokens at its end, told of this row; None: not known."""
        raise NotImplementedError

    def repeated(self, other: Self) -> dict[str, Any]:
        """The fields of this row if `other` was asked the very same: what it said, told of this row."""
        return {"raw": other.raw, "reason": other.reason, "served_model": other.served_model, "chances": other.chances}


class Judgment(Heard):
    """Evidence. One judge on one match in one order. The outcome is told from the sides of the match, not as shown."""

    class Order(models.TextChoices):
        A_FIRST = "ab", "A shown first"
        B_FIRST = "ba", "B shown first"
        MERGED = "merged", "both orders in one verdict"  # as some published files have it, and as two scores tell

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="judgments")
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="judgments")
    order = models.CharField(max_length=6, choices=Order)
    outcome = models.CharField(max_length=8, choices=OUTCOMES, null=True)  # noqa: DJ001 (no verdict is not an empty one)
    flipped = models.BooleanField(default=False, help_text="A merged verdict whose two orders disagreed.")
    grade = models.SmallIntegerField(
        null=True, help_text="How much better side a is, from 2 to -2; empty where the protocol has no grades."
    )

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
            models.Index(fields=["digest"]),
            models.Index(fields=["answered_at"]),  # "is there newer evidence?" looks at new rows only
        ]

    def __str__(self):
        return f"{self.judge} on {self.match} ({self.get_order_display()})"

    @property
    def first(self) -> int:
        """The side that is shown first: 0 = a, 1 = b."""
        return 0 if self.order == self.Order.A_FIRST else 1

    def told(self, verdict: Verdict | None) -> dict[str, Any]:
        if verdict is None:
            return {"outcome": None, "grade": None}
        graded = protocol_of(self.judge.protocol).has_grades
        return {
            "outcome": judge_reply.outcome(verdict, first=self.first).value,
            "grade": judge_reply.grade(verdict, first=self.first) if graded else None,
        }

    @property
    def sureness(self) -> float | None:
        """How probable what it said was."""
        return (self.chances or {}).get(self.outcome)

    def chances_in(self, text: str, tokens: Sequence[Token], menu: Menu[Verdict]) -> Chances | None:
        return verdict_chances(text, tokens, menu, first=self.first)

    def repeated(self, other: Self) -> dict[str, Any]:
        """The same two texts may be the other way round in this match: what is shown first is what they share."""
        outcome, grade, chances = Outcome(str(other.outcome)), other.grade, other.chances
        if self.order != other.order:
            outcome, grade, chances = outcome.flipped(), None if grade is None else -grade, _flipped(chances)
        return super().repeated(other) | {"outcome": outcome.value, "grade": grade, "chances": chances}


def _flipped(chances: Chances | None) -> Chances | None:
    return chances and {Outcome(told).flipped().value: chance for told, chance in chances.items()}


class Score(Heard):
    """Evidence. One pointwise judge on one output, up to one turn; judgments about its matches follow from two."""

    judge = models.ForeignKey(Judge, on_delete=models.CASCADE, related_name="scores")
    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="scores")
    turn = models.PositiveSmallIntegerField(default=1, help_text="The last turn of the conversation that is scored.")
    score = models.PositiveSmallIntegerField(null=True, help_text="From 1 to 100; empty: none, or none that is legal.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "output", "turn"], name="one_score_per_judge_output_and_turn"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=False, score__range=(1, 100))
                | (models.Q(score__isnull=True) & ~models.Q(status="done")),
                name="a_done_score_is_from_1_to_100",
            ),
        ]
        indexes = [
            models.Index(fields=["judge", "status", "next_at"]),
            models.Index(fields=["digest"]),
            models.Index(fields=["answered_at"]),  # what came in of late is counted without the rest
        ]

    def __str__(self):
        return f"{self.judge} on {self.output}"

    def told(self, verdict: int | None) -> dict[str, Any]:
        return {"score": verdict}

    @property
    def expected_score(self) -> float | None:
        """What it would be worth on average, if it were asked again and again."""
        return expected_score(self.chances) if self.chances else None

    def chances_in(self, text: str, tokens: Sequence[Token], menu: Menu[int]) -> Chances | None:
        return score_chances(text, tokens, menu)

    def repeated(self, other: Self) -> dict[str, Any]:
        return super().repeated(other) | {"score": other.score}
