from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.contenders.models import Output
from apps.prompts.models import Prompt


class Match(models.Model):
    """Evidence. Two outputs to one prompt, compared up to one turn of the conversation. Side a is the older output."""

    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="matches")
    output_a = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="matches_as_a")
    output_b = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="matches_as_b")
    turn = models.PositiveSmallIntegerField(default=1, help_text="The last turn of the conversation that is compared.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(
                fields=["output_a", "output_b", "turn"], name="one_match_per_pair_of_outputs_and_turn"
            ),
            models.CheckConstraint(condition=Q(output_a__lt=F("output_b")), name="a_match_names_its_pair_in_one_order"),
        ]

    def __str__(self):
        return f"match {self.pk}"
