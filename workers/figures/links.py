"""Where marks lead, and counts short enough for a cell."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse

from apps.ratings.models import Figure

Row = Mapping[str, Any]


def model_page(row: Row, of: Figure) -> str:
    return reverse("board:model", args=[row["slug"]]) + query(of)


def prompt_page(row: Row, of: Figure) -> str:
    words = {"version": row["version"], "board": of.leaderboard.board.slug}
    return reverse("board:prompt", args=[row["slug"], row["place"]]) + "?" + urlencode(words)


def query(of: Figure, **more: str) -> str:
    """Of a page in the context of the figure: its board, its category, and whose ratings it shows."""
    told = of.leaderboard
    category = {"category": told.category.slug} if told.category else {}
    return "?" + urlencode({"board": told.board.slug} | category | dict(parse_qsl(of.view)) | more)


def brief(n: int) -> str:
    """At most four letters: 999, 1.2k, 12k."""
    return f"{n}" if n < 1000 else f"{n / 1000:.1f}k" if n < 9950 else f"{n / 1000:.0f}k"
