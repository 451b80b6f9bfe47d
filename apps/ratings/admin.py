from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone

from apps.ratings.models import (
    Agreement,
    Board,
    Figure,
    Finding,
    JudgeRecord,
    Leaderboard,
    PublishedRating,
    RankAgreement,
    Rating,
)
from apps.ratings.operations import refit_board
from judgeboard.admin import LookOnlyAdmin


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):
    list_display = ("title", "slug", "position", "anchor", "anchor_rating")
    list_select_related = ("anchor",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    filter_horizontal = ("prompt_sets", "judges")
    autocomplete_fields = ("anchor",)
    actions = ("refit",)

    @admin.action(description="Compute the ratings now", permissions=["change"])
    def refit(self, request: HttpRequest, chosen: QuerySet[Board]) -> None:
        for board in chosen:
            leaderboard = refit_board(board=board, now=timezone.now())
            told = f"{board}: {leaderboard.n_judgments} judgments and {leaderboard.n_votes} votes."
            self.message_user(request, told, messages.SUCCESS)


@admin.register(Leaderboard)
class LeaderboardAdmin(LookOnlyAdmin):
    list_display = ("board", "category", "fitted_at", "n_matches", "n_judgments", "n_unusable", "n_open", "n_votes")
    list_filter = ("board", "category")
    list_select_related = ("board", "category")


@admin.register(Rating)
class RatingAdmin(LookOnlyAdmin):
    list_display = ("contender", "leaderboard", "by", "judge", "rating", "lower", "upper", "rank_low", "rank_high", "n")
    list_filter = ("by", "leaderboard__board")
    list_select_related = ("contender", "leaderboard__board", "judge")


@admin.register(Agreement)
class AgreementAdmin(LookOnlyAdmin):
    list_display = ("left", "right", "leaderboard", "turn", "unit", "raters", "ties", "n", "agreement", "kappa")
    list_filter = ("unit", "raters", "ties", "leaderboard__board")
    list_select_related = ("leaderboard__board",)


@admin.register(RankAgreement)
class RankAgreementAdmin(LookOnlyAdmin):
    list_display = ("left", "right", "leaderboard", "n", "spearman", "kendall")
    list_filter = ("leaderboard__board",)
    list_select_related = ("leaderboard__board",)


@admin.register(JudgeRecord)
class JudgeRecordAdmin(LookOnlyAdmin):
    list_display = ("judge", "baseline", "leaderboard", "n_done", "n_unusable", "n_failed", "latency_ms", "usd")
    list_filter = ("leaderboard__board", "baseline")
    list_select_related = ("leaderboard__board", "judge")


@admin.register(Finding)
class FindingAdmin(LookOnlyAdmin):
    list_display = ("name", "leaderboard")
    list_filter = ("name", "leaderboard__board")
    list_select_related = ("leaderboard__board",)


@admin.register(Figure)
class FigureAdmin(LookOnlyAdmin):
    list_display = ("title", "leaderboard", "summary")
    list_filter = ("name", "leaderboard__board")
    list_select_related = ("leaderboard__board",)
    fields = ("leaderboard", "title", "summary", "caption", "rows")


@admin.register(PublishedRating)
class PublishedRatingAdmin(admin.ModelAdmin):
    list_display = ("name", "rating", "lower", "upper", "source", "published_on", "contender")
    list_filter = ("source", "published_on")
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    list_select_related = ("contender",)
    search_fields = ("name",)
    autocomplete_fields = ("contender",)
