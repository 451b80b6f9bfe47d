from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.budgets.models import Budget
from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.matches.models import Match
from apps.prompts.models import PromptSet
from apps.prompts.privacy import Viewer, seen_by
from apps.ratings.models import Board


class RunQuerySet(models.QuerySet["Run"]):
    def seen_by(self, viewer: Viewer) -> Self:
        """A run is as private as its board."""
        return self.filter(seen_by(viewer, "board__"))

    def active(self) -> Self:
        return self.filter(cancelled_at__isnull=True, finished_at__isnull=True)

    def choosing(self) -> Self:
        """Planned runs that choose their matches and have not stopped."""
        return self.active().filter(rule__isnull=False, planned_at__isnull=False, stopped_because="")


class Run(models.Model):
    """A wish that certain evidence exist. Evidence does not point back at runs: a second run pays for nothing twice.

    With a rule it chooses its matches in batches, by what is known so far, and stops by itself; what it saw when it
    looked last stands in `half_width`, `unresolved` and `calls_needed`.
    """

    class Stop(models.TextChoices):
        HALF_WIDTH = "half_width", gettext_lazy("every interval is as narrow as was asked for")
        ORDER = "order", gettext_lazy("all neighbours are told apart, or as good as equal")
        CALLS = "calls", gettext_lazy("all calls that it might make are made")
        MONEY = "money", gettext_lazy("its budget is spent")
        NOTHING = "nothing", gettext_lazy("there is nothing left to ask")

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="runs")
    prompt_sets = models.ManyToManyField(PromptSet, related_name="runs")
    contenders = models.ManyToManyField(Contender, related_name="runs")
    judges = models.ManyToManyField(Judge, related_name="runs")
    newcomer = models.ForeignKey(
        Contender,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="If named, only its own matches are played.",
    )
    pairs_per_prompt = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: every pair meets.")
    rule = models.CharField(  # noqa: DJ001 (no rule is not an empty one)
        max_length=20, null=True, blank=True, help_text="Which matches are chosen next; empty: all are planned at once."
    )
    precision = models.FloatField(null=True, blank=True, help_text="Elo points to either side at which it stops.")
    order = models.BooleanField(default=False, help_text="It stops when all neighbours are told apart.")
    max_calls = models.PositiveIntegerField(null=True, blank=True, help_text="Calls to judges that it may make.")
    seed = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    budget = models.OneToOneField(
        Budget, on_delete=models.PROTECT, null=True, editable=False, help_text="Pays for what this run wants first."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    planned_at = models.DateTimeField(null=True, editable=False, help_text="When its evidence was written as wanted.")
    finished_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    half_width = models.FloatField(null=True, editable=False, help_text="The widest interval it saw, to either side.")
    unresolved = models.PositiveIntegerField(null=True, editable=False, help_text="Neighbours not told apart.")
    calls_needed = models.PositiveIntegerField(null=True, editable=False, help_text="Calls it still takes, about.")
    stopped_because = models.CharField(max_length=10, choices=Stop, blank=True, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"run {self.pk}"

    @property
    def is_adaptive(self) -> bool:
        """It chooses its matches."""
        return self.rule is not None


class Draw(models.Model):
    """Evidence. How a run came to choose one match: with which probability, by which rule, to be shown how."""

    class Order(models.TextChoices):
        A_FIRST = "ab", "A shown first"
        B_FIRST = "ba", "B shown first"
        BOTH = "both", "in both orders, as an audit"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="draws")
    number = models.PositiveIntegerField(help_text="The batch it was drawn in, counted from 1.")
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="draws")
    order = models.CharField(max_length=4, choices=Order)
    share = models.FloatField(help_text="The probability with which the match became one of this pair.")
    rule = models.CharField(max_length=20)
    seed = models.PositiveIntegerField(help_text="Of all that was left to chance in its batch.")

    class Meta:
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "match"], name="one_draw_per_run_and_match")]

    def __str__(self):
        return f"{self.match} in batch {self.number} of {self.run}"
