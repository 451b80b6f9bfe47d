"""What of the site search engines may like to know: boards, their releases, models and prompt sets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse

from apps.contenders.models import Contender
from apps.prompts.models import PromptSet
from apps.prompts.privacy import seen_by
from apps.ratings.models import Board, Leaderboard


class Pages(Sitemap):
    def items(self) -> Sequence[str]:
        return ("home", "agreement", "judges", "prompts", "releases", "methodology")

    def location(self, item: str) -> str:
        return reverse(f"board:{item}")


class Boards(Sitemap):
    def items(self) -> QuerySet[Board, Any]:
        return Board.objects.public().annotate(fitted_at=Max("leaderboards__fitted_at")).order_by("slug")

    def location(self, item: Board) -> str:
        return reverse("board:board", args=[item.slug])

    def lastmod(self, item: Any) -> datetime | None:
        return item.fitted_at


class Releases(Sitemap):
    changefreq = "never"

    def items(self) -> QuerySet[Leaderboard, Any]:
        days = (
            Leaderboard.objects.filter(seen_by(path="board__"), category=None)
            .annotate(day=TruncDate("fitted_at"))
            .order_by("board", "-day")
        )
        return days.values_list("board__slug", "day").distinct()

    def location(self, item: Any) -> str:
        return reverse("board:release", args=list(item))


class Models(Sitemap):
    def items(self) -> QuerySet[Contender, Any]:
        return Contender.objects.public().order_by("pk").only("slug")

    def location(self, item: Contender) -> str:
        return reverse("board:model", args=[item.slug])


class PromptSets(Sitemap):
    def items(self) -> QuerySet[PromptSet, Any]:
        return PromptSet.objects.public().order_by("slug").values_list("slug", flat=True).distinct()

    def location(self, item: Any) -> str:
        return reverse("board:prompt_set", args=[item])


SITEMAPS = {"pages": Pages, "boards": Boards, "releases": Releases, "models": Models, "prompt-sets": PromptSets}
