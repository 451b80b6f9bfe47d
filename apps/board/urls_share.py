"""What leads here from elsewhere: frames, badges, files, feeds, and what search engines read."""

from collections.abc import Callable

from django.contrib.sitemaps.views import index, sitemap
from django.http import HttpResponseBase
from django.urls import path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from apps.board.everybody import FIVE_MINUTES
from apps.board.feeds import ReleasesFeed
from apps.board.sitemaps import SITEMAPS
from apps.board.views import badges, downloads, embed, robots


def briefly(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Read only, and kept by anybody for five minutes."""
    return require_safe(cache_control(public=True, max_age=FIVE_MINUTES)(view))


SECTION = {"sitemaps": SITEMAPS}

urlpatterns = [
    path("boards/<slug:slug>/table.<str:form>", downloads.table, name="table"),
    path("boards/<slug:slug>/battles.jsonl", downloads.battles, name="battles"),
    path("boards/<slug:slug>/releases.atom", briefly(ReleasesFeed()), name="feed"),
    path("embed/<slug:slug>/", embed.embed, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
    path("badge/<slug:slug>/<slug:model>.svg", badges.svg, name="badge_svg"),
    path("badge/<slug:slug>/<slug:model>.json", badges.data, name="badge_json"),
    path("sitemap.xml", briefly(index), SECTION | {"sitemap_url_name": "board:sitemap_section"}, name="sitemap"),
    path("sitemap-<section>.xml", briefly(sitemap), SECTION, name="sitemap_section"),
    path("robots.txt", robots.robots, name="robots"),
]
