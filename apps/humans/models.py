import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.matches.models import Match
from judgeboard.arena.outcome import Outcome

OUTCOMES = [(outcome.value, outcome.value.replace("_", " ")) for outcome in Outcome]


class Voter(models.Model):
    """Catalogue. A person who votes: signed in, known by a session only, imported with a file, or simulated."""

    name = models.CharField(max_length=120, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="voter"
    )
    group = models.SlugField(max_length=40, blank=True, help_text="For example expert or author.")
    simulated = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self):
        return self.name


class Vote(models.Model):
    """Evidence. One person on one match. The outcome is told from the sides of the match, not as shown."""

    voter = models.ForeignKey(Voter, on_delete=models.CASCADE, related_name="votes")
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="votes")
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    shown_first = models.CharField(
        max_length=1, blank=True, choices=[("a", "A shown left"), ("b", "B shown left")], help_text="Empty: not known."
    )
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["voter", "match"], name="one_vote_per_voter_and_match"),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]), name="a_vote_has_a_known_outcome"
            ),
        ]
        indexes = [models.Index(fields=["cast_at"])]

    def __str__(self):
        return f"{self.voter} on {self.match}"


class Reason(models.TextChoices):
    """What made an answer the better one: the closed list of what a voter may say beside the vote."""

    CORRECT = "correct", gettext_lazy("more correct")
    COMPLETE = "complete", gettext_lazy("more complete")
    FOLLOWS = "follows", gettext_lazy("followed the instruction")
    CLEAR = "clear", gettext_lazy("clearer")
    FORMAT = "format", gettext_lazy("better format")
    SAFE = "safe", gettext_lazy("safer")


class VoteReason(models.Model):
    """Evidence. One reason of one vote that preferred an answer; it goes with the vote, and changes no rating."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="reasons")
    reason = models.CharField(max_length=8, choices=Reason)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "reason"], name="each_reason_once_a_vote"),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="a_known_reason"),
        ]

    def __str__(self):
        return f"{self.get_reason_display()} ({self.vote})"


def new_ballot_token():
    return secrets.token_urlsafe(16)


class Ballot(models.Model):
    """Evidence. What one voter was shown once, sides drawn by lot. A vote is only taken for a ballot handed out."""

    token = models.CharField(max_length=32, unique=True, default=new_ballot_token)
    voter = models.ForeignKey(Voter, on_delete=models.CASCADE, related_name="ballots")
    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="ballots")
    b_first = models.BooleanField()
    handed_out_at = models.DateTimeField(default=timezone.now)
    cast_at = models.DateTimeField(null=True)
    skipped = models.BooleanField(default=False)

    def __str__(self):
        return f"ballot {self.pk}"
