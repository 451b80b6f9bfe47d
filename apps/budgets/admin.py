from django.contrib import admin

from apps.budgets.models import Budget
from judgeboard.admin import LookOnlyAdmin


@admin.register(Budget)
class BudgetAdmin(LookOnlyAdmin):
    """Changed on the page of its run, where raising it lets the run go on."""

    list_display = ("id", "run", "spent", "cap", "exhausted", "created_at")
    list_filter = ("exhausted",)
    list_select_related = ("run",)
