"""What a page offers to whoever wants to show it elsewhere: its lasting address, its citation, its frame, its files."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext

from apps.board.citation import Citation
from apps.board.context import Context
from apps.board.verdict import trusted, verdict
from apps.contenders.models import Contender
from apps.ratings.board_state import BoardState
from apps.ratings.models import Figure

FRAME_WIDTH, FRAME_HEIGHT = 640, 480  # pixels


class Door(NamedTuple):
    label: str
    url: str


class Snippet(NamedTuple):
    label: str
    text: str


@dataclass(frozen=True)
class Share:
    """All addresses are whole. `link` shows the same for good; `canonical` is the page without filters and order."""

    title: str
    description: str
    link: str
    canonical: str
    citation: Citation
    snippets: tuple[Snippet, ...] = ()
    files: tuple[Door, ...] = ()
    matches: str = ""
    api: str = ""
    oembed: str = ""
    feed: str = ""
    picture: str = ""
    picture_of: str = ""  # in words


def share_page(
    request: HttpRequest, title: str, context: Context | None = None, *, at: str = "", **more: object
) -> Share:
    """Of any page; with a context its link names the release that is shown. `at`: a page that has but one address."""
    link, canonical = (context.link, context.canonical) if context else (request.get_full_path(), request.path)
    link, canonical = at or link, at or canonical
    told = context.selection.leaderboard if context else None
    citation = Citation(
        key="-".join(("judgeboard", *_words(canonical), *([f"{told.fitted_at:%Y-%m-%d}"] if told else ()))),
        title=title,
        url=request.build_absolute_uri(link),
        day=told.fitted_at.date() if told else None,
        made_from=told.evidence_digest if told else "",
    )
    fields: dict[str, Any] = {"description": "", "link": citation.url} | more
    return Share(title=title, citation=citation, canonical=request.build_absolute_uri(canonical), **fields)


def share_board(
    request: HttpRequest, context: Context, state: BoardState, *, at: str = "", card: Figure | None = None
) -> Share:
    slug = state.board.slug
    if state.board.private_to_id:  # nobody else could follow the rest
        return share_page(
            request, state.board.title, context, files=_files(request, slug, context), matches=_matches(request, slug)
        )
    return share_page(
        request,
        f"{verdict(state)} · {state.board.title}",
        context,
        at=at,
        description=trusted(state),
        snippets=(Snippet(gettext("Frame, as HTML"), frame(request, slug, context.asked, state.board.title)),),
        files=_files(request, slug, context),
        matches="" if at else _matches(request, slug),
        api=request.build_absolute_uri(
            reverse("api:leaderboard", args=[slug]) + context.query(release=context.released)
        ),
        oembed=_oembed(request, context),
        feed=reverse("board:feed", args=[slug]),
        **pictured(request, card),
    )


def _matches(request: HttpRequest, slug: str) -> str:
    return request.build_absolute_uri(reverse("board:battles", args=[slug]))


def share_model(request: HttpRequest, context: Context, contender: Contender, card: Figure | None = None) -> Share:
    """Its badge, as the latest release has it, leads to its page."""
    page = request.build_absolute_uri(reverse("board:model", args=[contender.slug]) + f"?board={context.board.slug}")
    badge = request.build_absolute_uri(reverse("board:badge_svg", args=[context.board.slug, contender.slug]))
    endpoint = request.build_absolute_uri(reverse("board:badge_json", args=[context.board.slug, contender.slug]))
    name = gettext("{model} on {board}").format(model=contender.name, board=context.board.title)
    snippets = (
        Snippet(gettext("Badge, as Markdown"), f"[![{_plain(name)}]({badge})]({page})"),
        Snippet(gettext("Badge, as HTML"), format_html('<a href="{}"><img src="{}" alt="{}"></a>', page, badge, name)),
        Snippet(gettext("Badge, as data for shields.io"), endpoint),
    )
    told = gettext("Where {model} stands.").format(model=name)
    return share_page(request, name, context, description=told, snippets=snippets, **pictured(request, card))


def pictured(request: HttpRequest, card: Figure | None) -> dict[str, str]:
    """Nothing before it is drawn."""
    if card is None:
        return {}
    address = request.build_absolute_uri(reverse("board:figure_png", args=[card.pk]))
    return {"picture": address, "picture_of": card.words.summary}


def frame(request: HttpRequest, slug: str, words: str, title: str, width: int | None = None, height: int = 0) -> str:
    """As wide as there is room unless said otherwise."""
    source = request.build_absolute_uri(reverse("board:embed", args=[slug]) + words)
    markup = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0"></iframe>'
    return format_html(markup, source, title, width or "100%", height or FRAME_HEIGHT)


def _files(request: HttpRequest, slug: str, context: Context) -> tuple[Door, ...]:
    forms = ("csv", "json")
    return tuple(
        Door(form.upper(), request.build_absolute_uri(reverse("board:table", args=[slug, form]) + context.pinned))
        for form in forms
    )


def _oembed(request: HttpRequest, context: Context) -> str:
    page = request.build_absolute_uri(context.url())
    return request.build_absolute_uri(reverse("board:oembed")) + "?" + urlencode({"url": page, "format": "json"})


def _words(path: str) -> list[str]:
    """Of an address, those that say what it is."""
    return [word for word in path.partition("?")[0].split("/") if word and word not in ("boards", "b")]


def _plain(text: str) -> str:
    """Without what would end the text of a link in Markdown."""
    return "".join(character for character in text if character not in "[]\\`<>\n")
