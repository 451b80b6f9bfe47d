from django.contrib import admin
from django.http import HttpRequest

from apps.contenders.models import Contender, Output
from judgeboard.admin import LookOnlyAdmin

MADE_THE_OUTPUTS = ("endpoint", "temperature", "max_tokens", "system_prompt")


@admin.register(Contender)
class ContenderAdmin(admin.ModelAdmin):
    list_display = ("name", "endpoint", "organisation", "licence", "open_weights", "family", "owner", "private_to")
    list_filter = (("private_to", admin.EmptyFieldListFilter), "open_weights", "family")
    list_select_related = ("endpoint", "owner", "private_to")
    search_fields = ("name", "slug", "organisation")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("endpoint",)
    raw_id_fields = ("owner",)
    readonly_fields = ("private_to", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Contender | None = None) -> tuple[str, ...]:
        """Once there are outputs, what made them stays; other settings are another contender."""
        fixed = MADE_THE_OUTPUTS if obj and obj.outputs.exists() else ()
        return (*self.readonly_fields, *fixed)


@admin.register(Output)
class OutputAdmin(LookOnlyAdmin):
    list_display = ("id", "contender", "prompt", "status", "finish_reason", "tokens_out", "latency_ms", "problem")
    list_filter = ("status", "contender")
    list_select_related = ("contender", "prompt__prompt_set")
