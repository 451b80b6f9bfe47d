from django.contrib import admin

from apps.matches.models import Match
from judgeboard.admin import LookOnlyAdmin


@admin.register(Match)
class MatchAdmin(LookOnlyAdmin):
    list_display = ("id", "prompt", "side_a", "side_b", "turn", "created_at")
    list_filter = ("prompt__prompt_set", "turn")
    list_select_related = ("prompt__prompt_set", "output_a__contender", "output_b__contender")

    @admin.display(description="A")
    def side_a(self, match: Match) -> str:
        return match.output_a.contender.name

    @admin.display(description="B")
    def side_b(self, match: Match) -> str:
        return match.output_b.contender.name
