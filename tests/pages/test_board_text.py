import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.board.text import ATTRIBUTES, TAGS, rendered


def test_markdown_becomes_html():
    assert '<p dir="auto"><strong>Yes</strong>, <code>x</code>.</p>' == rendered("**Yes**, `x`.").strip()


def test_line_breaks_stay_as_typed():
    assert '<p dir="auto">one<br>\ntwo</p>' == rendered("one\ntwo").strip()


def test_tables_are_read():
    assert "<td>4</td>" in rendered("| leaf | minutes |\n|---|---|\n| black | 4 |")


def test_raw_html_is_shown_and_not_obeyed():
    assert '<p dir="auto">&lt;b onclick="x()"&gt;hi&lt;/b&gt;</p>' == rendered('<b onclick="x()">hi</b>').strip()


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,<script>", "vbscript:x", "/sign-out/", "//spy.example"]
)
def test_a_link_leads_only_to_another_site_by_its_full_address(address):
    assert "href" not in rendered(f"[x](<{address}>)")


def test_links_vouch_for_nothing():
    assert 'href="https://example.org" rel="nofollow noopener noreferrer ugc"' in rendered("[x](https://example.org)")


def test_a_picture_from_elsewhere_is_named_and_not_fetched():
    assert (
        '<p dir="auto"><em>[picture from elsewhere left out: a cat]</em></p>'
        == rendered("![a cat](https://spy.example/cat.png)").strip()
    )


def test_a_picture_that_brings_itself_along_is_shown():
    picture = "data:image/png;base64,iVBORw0KGgo="

    assert f'<img src="{picture}" alt="dot">' in rendered(f"![dot]({picture})")


def test_the_language_of_a_code_block_is_its_only_class():
    assert '<code class="language-python">' in rendered("```python\nx\n```")


def test_each_block_runs_the_way_of_its_own_first_letter():
    html = rendered("# مرحبا\n\nEnglish\n\n- واحد\n- two\n\n> اقتباس\n\n```\ncode\n```")

    for block in ('<h1 dir="auto">', '<p dir="auto">English', '<ul dir="auto">\n<li>', '<blockquote dir="auto">\n<p>'):
        assert block in html
    assert {"ltr"} == set(re.findall(r'<pre[^>]* dir="(\w+)"', html))


class Seen(HTMLParser):
    """Every tag and every attribute that a browser would read in a text."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= dict(attributes)


PIECES = [
    "<script>",
    "</p>",
    '<img src=x onerror="x()">',
    "<a href='javascript:x'>",
    "[x](javascript:x)",
    "![",
    "](",
    ")",
    "<",
    ">",
    '"',
    "'",
    "&lt;",
    "`",
    "\n\n",
    "|",
    "data:text/html,",
    "[a]: javascript:x",
    " onclick=x ",
    "<!--",
    "a",
    "$",
    "$$",
    "\\(",
    "\\)",
    "\\text{",
    "\\href{javascript:x}{",
    "\\class{skip}{",
    "}",
    "```html\n",
    "```",
]


@settings(deadline=None)  # a lexer is loaded when its language is first met
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_text_becomes_anything_that_acts(text):
    seen = Seen(rendered(text))

    assert seen.tags <= TAGS
    within = {"href", "title", "rel", "src", "alt", "start", "class", "dir", "tabindex"}
    assert set(seen.attributes) <= within.union(*ATTRIBUTES.values())
    assert (seen.attributes.get("class") or "formula").startswith(("formula", "code-", "language-"))
    assert not (seen.attributes.get("href") or "").startswith(("javascript:", "data:"))
    assert (seen.attributes.get("src") or "data:image/").startswith("data:image/")
