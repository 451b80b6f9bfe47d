"""Finds what people read in a template and is not marked for translation."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

# The same in every language: names of products, formats, units, keys, and of what is written as the API writes it.
NAMES = frozenset(
    [
        "judgeboard",
        "API",
        "JSON",
        "CSV",
        "SVG",
        "BibTeX",
        "Elo",
        "Kappa",
        "Prompt",
        "Prompts",
        "Token",
        "Tokens",
        "UTC",
        "URL",
        "ms",
        "Tab",
        "Shift",
        "Enter",
        "Esc",
        "Bradley",
        "Terry",
        "Spearman",
        "Judge",
        "Judges",
        "Version",
        "Status",
        "Name",
        "min",
        "true",
        "false",
    ]
)
READ = ("aria-label", "title", "placeholder", "alt", "data-label", "data-confirm", "label")
TOLD_BY_SCRIPTS = "data-told-"
NOT_READ = ("script", "style", "code", "kbd", "pre")

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
MARKED = re.compile(r"\{%-?\s*blocktranslate.*?endblocktranslate\s*%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
CLASS = re.compile(r'class="[^"]*"')
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
LITERAL = re.compile(r"""(?<!_\()(?:default|default_if_none|yesno|pluralize|join):("[^"]*"|'[^']*')""")
HANDED_OVER = re.compile(r"""\b(?:what|title|label|none|button|who_text)=("[^"]*"|'[^']*')""")


def unmarked(source: str) -> list[str]:
    """Texts, attributes that are read out, and literals in tags, in the order of the template."""
    source = CLASS.sub("", MARKED.sub("", COMMENT.sub("", source)))
    reader = _Reader()
    reader.feed(VALUE.sub("…", TAG.sub("", source)))
    reader.close()
    return [text for text in (*reader.texts, *_literals(source)) if _is_told(text)]


def _literals(source: str) -> Iterator[str]:
    for tag in (*TAG.findall(source), *VALUE.findall(source)):
        yield from LITERAL.findall(tag)
        if tag.startswith("{% include"):
            yield from HANDED_OVER.findall(tag)


def _is_told(text: str) -> bool:
    return any(word not in NAMES for word in WORD.findall(text))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if value and (name in READ or name.startswith(TOLD_BY_SCRIPTS))]
        if tag == "meta" and dict(attrs).get("name") == "description":
            self.texts.append(dict(attrs).get("content") or "")
        if tag in NOT_READ:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within and data.strip():
            self.texts.append(data.strip())
