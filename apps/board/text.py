"""What models and people wrote, made fit for a page: Markdown read, everything that could act or call home taken out."""

import nh3
from markdown_it import MarkdownIt

TAGS = frozenset(
    "a blockquote br code del em h1 h2 h3 h4 h5 h6 hr img li ol p pre s strong sub sup table tbody td th thead tr ul".split()
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
}

# Breaks stay as they were typed: models write verse and lists that Markdown would run together.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
# markdown-it refuses data: images other than four raster kinds, which is also what we let through.
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=lambda tag, name, value: _kept(tag, name, value),
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="nofollow noopener noreferrer ugc",
)


def rendered(text: str) -> str:
    """Markdown -> HTML that is safe to put on a page: no raw HTML, no script, no style, no picture from elsewhere."""
    return _CLEANER.clean(_MARKDOWN.render(text))


def _kept(tag: str, name: str, value: str) -> str | None:
    """A picture may only bring itself along: one fetched from elsewhere would tell its server who reads the page."""
    if tag == "img" and name == "src":
        return value if value.startswith("data:image/") else None
    if tag == "a" and name == "href":
        return None if value.startswith("data:") else value
    if tag == "code" and name == "class":
        return value if value.startswith("language-") else None
    return value
