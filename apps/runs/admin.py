from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.runs.choosing import CHOOSING
from apps.runs.models import Draw, Run
from apps.runs.operations import RunCannotStart, cancel_run, create_run, retry_failed
from judgeboard.admin import LookOnlyAdmin

WISH = ("board", "prompt_sets", "contenders", "judges", "newcomer", "pairs_per_prompt", "seed")
CHOICE = ("precision", "order", "max_calls", "rule")
SEEN = ("half_width", "unresolved", "calls_needed", "stopped_because")
STAMPS = ("planned_at", "finished_at", "cancelled_at")


CHOOSES = "A run that chooses its matches, and stops by itself"
CHOICE_TOLD = (
    "Left empty, all matches are planned at once. With a precision, the order, or a number of calls it draws them in "
    "batches, by what is known so far, until it has come there."
)


class RunForm(forms.ModelForm):
    """A new run; `create_run` itself says whether it can start."""

    budget_usd = forms.DecimalField(
        required=False,
        max_digits=8,
        decimal_places=2,
        label="Budget in $",
        help_text="The run stops before it would spend more. Empty: no cap. Everybody who is asked needs a price then.",
    )

    rule = forms.ChoiceField(
        required=False,
        choices=[("", "the one that serves what it stops at"), *((rule, rule) for rule in CHOOSING)],
        help_text="By which the next matches are chosen.",
    )

    class Meta:
        model = Run
        fields = (*WISH, *CHOICE)

    def clean_rule(self) -> str | None:
        return self.cleaned_data["rule"] or None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            try:
                with transaction.atomic():
                    create_run(**self.cleaned_data)
                    transaction.set_rollback(True)  # only asked; it is written once the whole form is right
            except RunCannotStart as problem:
                raise ValidationError(str(problem)) from None
        return cleaned


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    form = RunForm
    list_display = (
        "id",
        "board",
        "newcomer",
        "owner",
        "spent",
        "created_at",
        "planned_at",
        "finished_at",
        "stopped_because",
        "cancelled_at",
    )
    list_filter = (
        "board",
        "stopped_because",
        ("finished_at", admin.EmptyFieldListFilter),
        ("cancelled_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("board", "newcomer", "owner", "budget")
    filter_horizontal = ("prompt_sets", "contenders", "judges")
    autocomplete_fields = ("newcomer",)
    readonly_fields = ("owner", "spent", "created_at", *STAMPS, *SEEN)
    actions = ("cancel", "retry")

    def get_fieldsets(self, request: HttpRequest, obj: Run | None = None) -> Any:
        """A run without a choice was planned at once: what belongs to the choice is not shown of it."""
        told = ("owner", "spent", "created_at", *STAMPS)
        if obj is None:
            choice = (CHOOSES, {"fields": CHOICE, "description": CHOICE_TOLD})
            return [(None, {"fields": (*WISH, "budget_usd")}), choice]
        wish = (None, {"fields": (*WISH, *told)})
        return [wish, (CHOOSES, {"fields": (*CHOICE, *SEEN)})] if obj.is_adaptive else [wish]

    @admin.display(description="spent")
    def spent(self, run: Run) -> str:
        return str(run.budget or "not counted")

    def has_change_permission(self, request: HttpRequest, obj: Run | None = None) -> bool:
        """A wish is not edited: what it asked for may be answered already. Cancel it and make another."""
        return False

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("runs.change_run")

    def save_model(self, request: HttpRequest, obj: Run, form: forms.ModelForm, change: bool) -> None:
        assert request.user.is_authenticated  # nobody else gets into the admin
        obj.pk = create_run(**form.cleaned_data, owner=request.user).pk
        obj._state.adding = False

    @admin.action(description="Cancel", permissions=["steer"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        active = list(Run.objects.active().filter(pk__in=chosen.values("pk")))
        for run in active:
            cancel_run(run=run, now=timezone.now())
        self.message_user(request, f"{len(active)} runs cancelled; what was answered stays.", messages.SUCCESS)

    @admin.action(description="Ask again for what failed", permissions=["steer"])
    def retry(self, request: HttpRequest, chosen: QuerySet[Run]) -> None:
        asked = sum(retry_failed(run=run, now=timezone.now()) for run in chosen)
        self.message_user(request, f"{asked} outputs and judgments are asked for again.", messages.SUCCESS)


@admin.register(Draw)
class DrawAdmin(LookOnlyAdmin):
    list_display = ("id", "run", "number", "match", "order", "share", "rule")
    list_filter = (("run", admin.RelatedOnlyFieldListFilter), "order", "rule")
    list_select_related = ("run", "match")
