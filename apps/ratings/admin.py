from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError
from django.db.models import QuerySet, URLField
from django.http import HttpRequest
from django.utils import timezone

from apps.prompts.models import PromptSet
from apps.ratings.models import (
    Agreement,
    AnswerStyle,
    Board,
    Figure,
    Finding,
    JudgeRecord,
    Leaderboard,
    PublishedRating,
    RankAgreement,
    Rating,
)
from apps.ratings.operations import publish_board, refit_board
from judgeboard.admin import LookOnlyAdmin


class BoardForm(forms.ModelForm):
    def clean_prompt_sets(self) -> QuerySet[PromptSet]:
        """A board would show what somebody else's prompts came to."""
        chosen: QuerySet[PromptSet] = self.cleaned_data["prompt_sets"]
        for one in chosen.exclude(private_to=None).exclude(private_to=self.instance.private_to):
            raise forms.ValidationError(f"{one} is private; publish its own board first.")
        return chosen


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin):
    form = BoardForm
    list_display = ("title", "slug", "position", "anchor", "anchor_rating", "private_to")
    list_filter = (("private_to", admin.EmptyFieldListFilter),)
    list_select_related = ("anchor", "private_to")
    readonly_fields = ("private_to",)
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    filter_horizontal = ("prompt_sets", "judges")
    autocomplete_fields = ("anchor",)
    actions = ("refit", "publish")

    @admin.action(description="Compute the ratings now", permissions=["change"])
    def refit(self, request: HttpRequest, chosen: QuerySet[Board]) -> None:
        for board in chosen:
            leaderboard = refit_board(board=board, now=timezone.now())
            told = f"{board}: {leaderboard.n_judgments} judgments and {leaderboard.n_votes} votes."
            self.message_user(request, told, messages.SUCCESS)

    @admin.action(description="Publish, with its private prompts and models", permissions=["change"])
    def publish(self, request: HttpRequest, chosen: QuerySet[Board]) -> None:
        for board in chosen:
            try:
                publish_board(board=board)
            except IntegrityError:
                told = f"{board} stays private: one of its models is called like one that everybody sees; rename it."
                self.message_user(request, told, messages.ERROR)
                continue
            self.log_change(request, board, "Published.")
            self.message_user(request, f"Everybody sees {board} now.", messages.SUCCESS)


@admin.register(Leaderboard)
class LeaderboardAdmin(LookOnlyAdmin):
    list_display = ("board", "category", "fitted_at", "n_matches", "n_judgments", "n_unusable", "n_open", "n_votes")
    list_filter = ("board", "category")
    list_select_related = ("board", "category")


@admin.register(AnswerStyle)
class AnswerStyleAdmin(LookOnlyAdmin):
    list_display = ("output", "turn", "characters", "headers", "list_items", "bold", "right")
    list_filter = ("right",)
    list_select_related = ("output__contender", "output__prompt__prompt_set")


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
