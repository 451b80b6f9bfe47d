"""Where marks lead, and counts short enough for a cell."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from apps.ratings.models import Leaderboard

Row = Mapping[str, Any]


def model_page(row: Row, of: Leaderboard) -> str:
    return reverse("board:model", args=[row["slug"]]) + query(of)


def query(of: Leaderboard, **more: str) -> str:
    category = {"category": of.category.slug} if of.category else {}
    return "?" + urlencode({"board": of.board.slug} | category | more)


def brief(n: int) -> str:
    """At most four letters: 999, 1.2k, 12k."""
    return f"{n}" if n < 1000 else f"{n / 1000:.1f}k" if n < 9950 else f"{n / 1000:.0f}k"
