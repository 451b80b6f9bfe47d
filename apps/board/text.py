"""What models and people wrote, made fit for a page: Markdown read, all that could act or call home taken out."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "ul", "ol", "li"),
    *("a", "img", "em", "strong", "del", "s", "sub", "sup", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
}
# These scroll by themselves where they are wide, and who has no mouse must get there.
REACHED_BY_KEY = {"pre": {"tabindex": "0"}, "table": {"tabindex": "0"}}

OWN_IMAGE = "data:image/"
LONGEST_MARKDOWN = 30_000  # characters; on hostile text (200,000 open brackets) the parser's time grows with the square

# Breaks stay as they were typed: models write verse and lists that Markdown would run together.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    set_tag_attribute_values=REACHED_BY_KEY,
    attribute_filter=lambda tag, name, value: _kept(tag, name, value),
    url_schemes={"http", "https", "mailto", "data"},
    url_relative="deny",  # a model knows no address on this site
    link_rel="nofollow noopener noreferrer ugc",
)


def rendered(text: str) -> str:
    """Markdown -> HTML that is safe to put on a page: no raw HTML, no script, no style, no picture from elsewhere.

    Text beyond LONGEST_MARKDOWN is shown as it was written.
    """
    if len(text) > LONGEST_MARKDOWN:
        return "<p>" + escapeHtml(text).replace("\n", "<br>") + "</p>"
    return _CLEANER.clean(_MARKDOWN.render(text))


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A picture may only bring itself along: one fetched from elsewhere would tell its server who reads the page."""
    if str(tokens[index].attrs["src"]).startswith(OWN_IMAGE):
        return renderer.image(tokens, index, options, env)
    name = renderer.renderInlineAsText(tokens[index].children, options, env)
    return f"<em>[picture from elsewhere left out: {escapeHtml(name) or 'without a name'}]</em>"


def _kept(tag: str, name: str, value: str) -> str | None:
    """Addresses that hold their own content are for pictures only."""
    if tag == "img" and name == "src":
        return value if value.startswith(OWN_IMAGE) else None
    if tag == "a" and name == "href":
        return None if value.startswith("data:") else value
    if tag == "code" and name == "class":
        return value if value.startswith("language-") else None
    return value


_MARKDOWN.add_render_rule("image", _image)
