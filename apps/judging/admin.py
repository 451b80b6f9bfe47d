from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.judging.models import Judge, Judgment, Score
from apps.judging.versions import save_judge
from judgeboard.admin import LookOnlyAdmin


class JudgeForm(ModelForm):
    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if Judge.objects.filter(slug=slug).exists():
            raise ValidationError("There is a judge of this name; change that one, and it becomes the next version.")
        return slug


@admin.register(Judge)
class JudgeAdmin(admin.ModelAdmin):
    form = JudgeForm
    list_display = ("name", "slug", "version", "endpoint", "protocol", "temperature", "human_elo")
    list_filter = ("protocol", "family")
    list_select_related = ("endpoint",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("endpoint",)
    readonly_fields = ("version", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Judge | None = None) -> tuple[str, ...]:
        """The slug ties the versions together, so it stays."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Judge, form: ModelForm, change: bool) -> None:
        if save_judge(judge=obj):
            told = f"It has judged already, so the change became {obj}. Boards and runs name versions: choose it there."
            self.message_user(request, told, messages.WARNING)


@admin.register(Judgment)
class JudgmentAdmin(LookOnlyAdmin):
    list_display = ("id", "judge", "match", "order", "outcome", "status", "latency_ms", "answered_at", "problem")
    list_filter = ("status", "judge", "order", "outcome")
    list_select_related = ("judge", "match")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Judgment]:
        """The list does without the long texts; the page of one judgment loads them."""
        return super().get_queryset(request).defer("raw", "reason")


@admin.register(Score)
class ScoreAdmin(LookOnlyAdmin):
    list_display = ("id", "judge", "output", "turn", "score", "status", "latency_ms", "answered_at", "problem")
    list_filter = ("status", "judge")
    list_select_related = ("judge", "output__contender", "output__prompt__prompt_set")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Score]:
        """As above."""
        return super().get_queryset(request).defer("raw", "reason")
