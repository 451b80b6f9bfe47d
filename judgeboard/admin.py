"""The admin's name, and how its pages treat what is only looked at: evidence and standings."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

admin.site.site_header = admin.site.site_title = "judgeboard"
admin.site.index_title = "Prompt sets, endpoints, judges, runs"

MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts no further than MOST_COUNTED rows: nobody turns that many pages, and counting millions takes seconds."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment] # the admin pages querysets only
        return rows[:MOST_COUNTED].count()


class LookOnlyAdmin(admin.ModelAdmin):
    """Evidence is written by workers and voters, standings by a refit: people look, filter and follow links."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
