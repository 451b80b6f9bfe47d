from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from apps.endpoints.forms import EndpointForm
from apps.endpoints.models import Endpoint, EndpointCheck, Worker
from apps.endpoints.operations import move_endpoint, replace_key, want_check
from judgeboard.admin import LookOnlyAdmin


@admin.register(Endpoint)
class EndpointAdmin(admin.ModelAdmin):
    form = EndpointForm
    list_display = ("name", "model", "base_url", "stored_key", "owner", "simulated")
    list_filter = ("simulated",)
    list_select_related = ("owner",)
    search_fields = ("name", "model", "base_url")
    raw_id_fields = ("owner",)
    readonly_fields = ("stored_key", "key_origin", "learnt", "resting_until", "trouble", "created_at")
    fieldsets = (
        (None, {"fields": ("name", "base_url", "model", "owner", "simulated")}),
        ("Key", {"fields": ("stored_key", "key_origin", "new_key", "forget_key")}),
        ("Price", {"fields": (("usd_per_million_in", "usd_per_million_out"), ("price_source", "price_date"))}),
        (
            "Limits",
            {"fields": ("concurrency", "deadline", "requests_per_minute", "tokens_per_minute", "limit_group")},
        ),
        ("State", {"fields": ("learnt", "resting_until", "trouble", "created_at")}),
    )
    actions = ("try_now",)

    @admin.display(description="stored key")
    def stored_key(self, endpoint: Endpoint) -> str:
        if not endpoint.sealed_key:
            return "none"
        return f"…{endpoint.key_hint}" if endpoint.key_hint else "stored, too short to show a part"

    def save_model(self, request: HttpRequest, obj: Endpoint, form: ModelForm, change: bool) -> None:
        had_key = bool(obj.sealed_key)
        move_endpoint(endpoint=obj, base_url=obj.base_url)  # saves the other fields as well
        new_key = form.cleaned_data["new_key"]
        if new_key or form.cleaned_data["forget_key"]:
            replace_key(endpoint=obj, key=new_key)
        elif had_key and not obj.sealed_key:
            told = f"The stored key was entered for another address and is erased; enter the key for {obj.base_url}."
            self.message_user(request, told, messages.WARNING)

    @admin.action(description="Check: reachable, key, model, reply, parameters", permissions=["change"])
    def try_now(self, request: HttpRequest, chosen: QuerySet[Endpoint]) -> None:
        for endpoint in chosen:
            want_check(endpoint=endpoint)
        self.message_user(request, "The workers try it now; see Endpoint checks.", messages.SUCCESS)


@admin.register(EndpointCheck)
class EndpointCheckAdmin(LookOnlyAdmin):
    list_display = (
        "endpoint",
        "status",
        *EndpointCheck.TICKS,
        *EndpointCheck.ABILITIES,
        "latency_ms",
        "answered_at",
        "problem",
    )
    list_filter = ("status",)
    list_select_related = ("endpoint",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("reply")


@admin.register(Worker)
class WorkerAdmin(LookOnlyAdmin):
    list_display = ("host", "process", "started_at", "beat_at", "lanes")
    list_filter = ("host",)
