"""How an answer looks: its length and its Markdown. Style control weighs such figures against what it says."""

import re
from collections.abc import Iterator
from typing import NamedTuple

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
HEADER = re.compile(r" {0,3}#{1,6}(\s|$)")
LIST_ITEM = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s")
BOLD = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
INLINE_CODE = re.compile(r"`[^`\n]*`")
WORD_OR_MARK = re.compile(r"\w+|[^\w\s]")


class AnswerStyle(NamedTuple):
    """Counts in one answer. words: of words and punctuation marks, which stand for tokens of any model."""

    characters: int
    words: int
    headers: int
    list_items: int
    bold: int


def style_of(text: str) -> AnswerStyle:
    """Code counts for the length, but what stands in it is no header, list or bold type."""
    prose = list(_outside_fences(text))
    return AnswerStyle(
        characters=len(text),
        words=sum(1 for _ in WORD_OR_MARK.finditer(text)),
        headers=sum(1 for line in prose if HEADER.match(line)),
        list_items=sum(1 for line in prose if LIST_ITEM.match(line)),
        bold=sum(len(BOLD.findall(INLINE_CODE.sub("", line))) for line in prose),
    )


def _outside_fences(text: str) -> Iterator[str]:
    """Lines outside fenced code; as in CommonMark, a fence closes with as many marks or more, or never."""
    fence = ""
    for line in text.splitlines():
        found = FENCE.match(line)
        marks, rest = (found[1], found[2]) if found else ("", "")
        if fence:
            closes = marks.startswith(fence) and not rest.strip()
            fence = "" if closes else fence
        elif marks and not (marks[0] == "`" and "`" in rest):
            fence = marks
        else:
            yield line
