from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.budgets.models import Budget
from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.prompts.models import PromptSet
from apps.ratings.models import Board


class RunQuerySet(models.QuerySet["Run"]):
    def active(self) -> Self:
        return self.filter(cancelled_at__isnull=True, finished_at__isnull=True)


class Run(models.Model):
    """A wish that certain evidence exist. Evidence does not point back at runs: a second run pays for nothing twice."""

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
    seed = models.PositiveIntegerField(default=1)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    budget = models.OneToOneField(
        Budget, on_delete=models.PROTECT, null=True, editable=False, help_text="Pays for what this run wants first."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    planned_at = models.DateTimeField(null=True, editable=False, help_text="When its evidence was written as wanted.")
    finished_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"run {self.pk}"
