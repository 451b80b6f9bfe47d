from django.contrib import admin

from apps.humans.models import Ballot, Vote, Voter, VoteReason
from judgeboard.admin import LookOnlyAdmin


@admin.register(Voter)
class VoterAdmin(admin.ModelAdmin):
    list_display = ("name", "group", "user", "simulated", "created_at")
    list_filter = ("simulated", "group")
    list_select_related = ("user",)
    search_fields = ("name",)
    raw_id_fields = ("user",)
    readonly_fields = ("created_at",)


@admin.register(Vote)
class VoteAdmin(LookOnlyAdmin):
    list_display = ("id", "voter", "match", "outcome", "shown_first", "cast_at")
    list_filter = ("outcome", "voter__group", "voter__simulated", "cast_at")
    list_select_related = ("voter", "match")


@admin.register(VoteReason)
class VoteReasonAdmin(LookOnlyAdmin):
    list_display = ("id", "vote", "reason")
    list_filter = ("reason",)
    list_select_related = ("vote__voter", "vote__match")


@admin.register(Ballot)
class BallotAdmin(LookOnlyAdmin):
    """Without the token: with it, somebody else's ballot could be cast."""

    list_display = ("id", "voter", "match", "b_first", "handed_out_at", "cast_at", "skipped")
    list_filter = ("skipped",)
    list_select_related = ("voter", "match")
    exclude = ("token",)
