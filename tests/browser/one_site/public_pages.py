"""Every public page, once: what looks at all pages reads this table, and a test holds it against the URLs."""

from dataclasses import dataclass

from django.urls import reverse

from apps.ratings.models import Figure
from apps.ratings.rater import judge_key
from tests.browser.one_site.site import Site
from tests.cast import NOON


@dataclass(frozen=True)
class Shown:
    """A page as somebody may see it. `url_name`: as `reverse` takes it; empty: an address that no page has."""

    url_name: str
    path: str
    signed_in: bool = False


def shown(url_name: str, *args: object, query: str = "", signed_in: bool = False) -> Shown:
    return Shown(url_name, reverse(url_name, args=args) + query, signed_in)


def public_pages(site: Site) -> tuple[Shown, ...]:
    """A page with several states stands there once for each that has markup of its own."""
    board, match = site.board.slug, site.cast.matches[-1]
    prompts = site.board.prompt_sets.get().slug
    return (
        shown("board:home"),
        shown("board:board", board, query="?weights=open&sort=people"),
        shown("board:board", board, query="?category=coding&release=2025-02-01&rater=people&max_price=0.5&name=zzz"),
        shown("board:figures", board),
        shown("board:figure", Figure.objects.filter(leaderboard__category=None).first().pk),
        shown("board:model", "aster"),
        shown("board:compare_any"),
        shown("board:compare", "aster", "briar"),
        shown("board:match", match.pk),
        shown("board:prompts"),
        shown("board:prompt_set", prompts),
        shown("board:prompt", prompts, 1),
        shown("board:match", match.pk, query="?view=diff"),
        shown("board:judges"),
        shown("board:judge", judge_key(site.cast.judges["Gavel"])),
        shown("board:agreement"),
        shown("board:cases"),
        shown("board:releases"),
        shown("board:release", board, f"{NOON:%Y-%m-%d}"),
        shown("board:embed", board),
        shown("board:methodology"),
        shown("board:accessibility"),
        shown("board:status"),
        shown("board:submit", signed_in=True),
        shown("board:import", signed_in=True),
        shown("board:imported", site.upload_token, signed_in=True),
        shown("board:prompt_set", site.own_prompts, signed_in=True),
        shown("board:board", site.own_prompts, signed_in=True),
        shown("board:own_run", site.own_prompts, signed_in=True),
        shown("board:runs"),
        shown("board:run", site.run.pk),
        shown("board:run", site.run.pk, signed_in=True),
        shown("board:vote"),
        shown("board:ballot", site.voted_token, signed_in=True),
        shown("sign_in"),
        shown("sign_up"),
        Shown("", "/nowhere/"),
    )


# Names of URLs at which no page stands, and what does.
NO_PAGES = {
    "board:figure_svg": "a file",
    "board:figure_csv": "a file",
    "board:figure_png": "a file",
    "board:table": "a file",
    "board:battles": "a file",
    "board:feed": "a file",
    "board:badge_svg": "a file",
    "board:badge_json": "data",
    "board:oembed": "data",
    "board:sitemap": "for machines",
    "board:sitemap_section": "for machines",
    "board:robots": "for machines",
    "board:healthz": "one word for machines",
    "board:run_progress": "the moving part of a run's page",
    "board:run_cancel": "takes a form",
    "board:run_retry": "takes a form",
    "board:run_budget": "takes a form",
    "board:run_check": "takes a form",
    "board:run_endpoint": "takes a form",
    "board:undo": "takes a form",
    "board:reasons": "takes a form",
    "sign_out": "takes a form",
}
