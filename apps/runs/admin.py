from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, cancel_run, create_run, retry_failed

WISH = ("board", "prompt_sets", "contenders", "judges", "newcomer", "pairs_per_prompt", "seed")
STAMPS = ("planned_at", "finished_at", "cancelled_at")


class RunForm(forms.ModelForm):
    """A new run; `create_run` itself says whether it can start."""

    budget_usd = forms.DecimalField(
        required=False,
        max_digits=8,
        decimal_places=2,
        label="Budget in $",
        help_text="The run stops before it would spend more. Empty: no cap. Everybody who is asked needs a price then.",
    )

    class Meta:
        model = Run
        fields = WISH

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
        "cancelled_at",
    )
    list_filter = ("board", ("finished_at", admin.EmptyFieldListFilter), ("cancelled_at", admin.EmptyFieldListFilter))
    list_select_related = ("board", "newcomer", "owner", "budget")
    filter_horizontal = ("prompt_sets", "contenders", "judges")
    autocomplete_fields = ("newcomer",)
    readonly_fields = ("owner", "spent", "created_at", *STAMPS)
    actions = ("cancel", "retry")

    def get_fields(self, request: HttpRequest, obj: Run | None = None) -> tuple[str, ...]:
        return (*WISH, *self.readonly_fields) if obj else (*WISH, "budget_usd")

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
