"""What models and people wrote, made fit for a page: Markdown read, all that could act or call home taken out."""

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from apps.board.code_colours import CLASSES, code_colours
from apps.board.formulas import formulas

BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "p", "blockquote", "ul", "ol", "table"}
MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mpadded", "mphantom", "menclose"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
TAGS = {
    *BLOCKS,
    *MATHML,
    *("br", "hr", "div", "pre", "li", "thead", "tbody", "tr", "th", "td"),
    *("a", "img", "em", "strong", "del", "s", "sub", "sup", "code", "span"),
}
ATTRIBUTES = {
    **{block: {"dir"} for block in BLOCKS},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "dir"},
    "code": {"class"},
    "span": {"class"},
    "math": {"display"},
    "menclose": {"notation"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "form", "accent", "movablelimits", "minsize", "maxsize"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mspace": {"width"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle"},
    "mtd": {"columnalign"},
}
# These scroll by themselves where they are wide, and who has no mouse must get there. Code runs from left to right.
SET = {
    "pre": {"tabindex": "0", "dir": "ltr"},
    "table": {"tabindex": "0"},
    "div": {"tabindex": "0", "class": "formula"},
}
# Of MathML: a word, a small number or a length too short to leave its line.
SMALL = re.compile(r"[a-z-]+|-?[0-3]?(?:\.\d{1,4})?(?:em|ex|px)?")

LANGUAGE = re.compile(r"language-\S+")
OWN_IMAGE = "data:image/"
LONGEST_MARKDOWN = 30_000  # characters; on hostile text (200,000 open brackets) the parser's time grows with the square

# Breaks stay as they were typed: models write verse and lists that Markdown would run together.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True})
_MARKDOWN.enable(["table", "strikethrough"]).use(code_colours).use(formulas)
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    set_tag_attribute_values=SET,
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
        return '<p dir="auto">' + escapeHtml(text).replace("\n", "<br>") + "</p>"
    return _read(text)


@lru_cache(maxsize=128)  # a page of many answers, looked at again
def _read(text: str) -> str:
    return _CLEANER.clean(_MARKDOWN.render(text))


def _directed(state: StateCore) -> None:
    """Each block runs the way its first letter says: an Arabic answer may quote English, an English one Arabic."""
    for token in state.tokens:
        if not token.level and token.nesting == 1:
            token.attrSet("dir", "auto")


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
        return value if LANGUAGE.fullmatch(value) else None
    if tag == "span":
        return value if value in CLASSES.values() else None
    if tag in MATHML:
        return value if SMALL.fullmatch(value) else None
    return value


_MARKDOWN.add_render_rule("image", _image)
_MARKDOWN.core.ruler.push("direction", _directed)
