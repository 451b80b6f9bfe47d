"""Mathematics in what models write becomes MathML, which browsers draw themselves.

Read are `$...$`, `$$...$$`, `\\(...\\)` and `\\[...\\]`; a formula that cannot be read is shown as its source.
"""

import re
from html import unescape
from itertools import accumulate, islice
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LONGEST_FORMULA = 1_000  # characters; what is longer is no formula but text
DEEPEST_FORMULA = 50  # braces within braces
LONGEST_OF_A_TEXT = 8_000  # characters of all its formulas; the rest is shown as written
AT_LEAST = 20  # characters; a formula of one letter takes the time of so many
MOST_LINES = 40  # of a formula that stands alone

# A formula's characters, each once or behind a backslash, so that no search goes back over them.
_SOME = f"{{1,{LONGEST_FORMULA}}}+"
_DOLLARS = rf"(?:[^$\\]|\\.){_SOME}"
_BRACKETS = rf"(?:[^\\]|\\[^()\[\]]){_SOME}"
_ONE_LINE = rf"(?:[^$\\\n]|\\[^\n]){_SOME}"
# Single dollars want no space inside, no letter or digit outside, and no sum of money: `$5 and $10`, `$5/month to 6$`.
_SINGLE = re.compile(rf"\$(?![\s$])({_ONE_LINE})(?<!\s)\$(?![\w$])")
_PRICE = re.compile(r"\d[\d.,]*[\s/]+(?:or|to|[a-z]{3,})\b")
_FORMS = {
    "$$": re.compile(rf"\$\$({_DOLLARS})\$\$", re.DOTALL),
    "\\[": re.compile(rf"\\\[({_BRACKETS})\\\]", re.DOTALL),
    "\\(": re.compile(rf"\\\(({_BRACKETS})\\\)", re.DOTALL),
}
_CLOSING = {"$$": "$$", "\\[": "\\]"}  # of formulas that stand alone

# Definitions could grow without end; nobody needs them in an answer.
_DEFINITION = re.compile(r"\\(?:def|let|newcommand|renewcommand|newenvironment|DeclareMathOperator)(?![a-zA-Z])")
_NOT_SHOWN = re.compile(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![a-zA-Z])|(?<=\\\\)\[[^\[\]]*\]")
_ENVIRONMENT = re.compile(r"(\\(?:begin|end)\s*\{)(aligned|eqnarray\*?|gathered|gather\*?|multline\*?)(?=\})")


def formulas(markdown: MarkdownIt) -> None:
    """A plugin of the Markdown parser."""
    markdown.block.ruler.before(
        "fence", "formula_alone", _alone, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.inline.ruler.before("escape", "formula", _within_text)
    markdown.add_render_rule("formula_alone", _rendered_alone)
    markdown.add_render_rule("formula", _rendered_within_text)


def mathml(formula: str, *, alone: bool) -> str | None:
    """MathML, to be sanitised like all other markup; None for what cannot be read."""
    if len(formula) > LONGEST_FORMULA or _depth(formula) > DEEPEST_FORMULA or _DEFINITION.search(formula):
        return None
    formula = _ENVIRONMENT.sub(_known_environment, _NOT_SHOWN.sub("", formula))
    try:
        root = convert_to_element(formula, display="block" if alone else "inline")
        return tostring(root, encoding="unicode") if _settle(root) else None
    except Exception:  # of many kinds, RecursionError among them: the library says so when a formula is none
        return None


def _depth(formula: str) -> int:
    return max(accumulate(({"{": 1, "}": -1}.get(mark, 0) for mark in formula), initial=0))


def _known_environment(found: re.Match[str]) -> str:
    """The library knows `align*`, which has its columns side by side, and `matrix`, which centres its rows."""
    return found[1] + ("align*" if found[2].startswith(("aligned", "eqnarray")) else "matrix")


def _settle(root: Element) -> bool:
    """Characters for their numbers; False where the library passed over what it does not know."""
    for element in root.iter():
        text = unescape(element.text or "")
        if text == "&" or (text.startswith("\\") and len(text) > 1 and element.tag == "mi"):
            return False
        element.text = text
    return True


# --- found in Markdown ------------------------------------------------------------------------------------------------
def _within_text(state: StateInline, silent: bool) -> bool:
    start = state.pos
    form = _FORMS.get(state.src[start : start + 2])
    found = form.match(state.src, start, state.posMax) if form else _single(state.src, start, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = found[1].strip(), found[0]
        token.block = found[0].startswith(tuple(_CLOSING))
    state.pos = found.end()
    return True


def _single(text: str, start: int, end: int) -> re.Match[str] | None:
    if text[start] != "$" or (start and text[start - 1].isalnum()):
        return None
    found = _SINGLE.match(text, start, end)
    return None if found and _PRICE.match(found[1]) else found


def _alone(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """A formula on lines of its own, which may also stand right below a text or in a list."""
    opening = _line(state, first)[:2]
    if opening not in _CLOSING or state.is_code_block(first):
        return False
    last = _last_line(state, first, end, _CLOSING[opening])
    source = state.getLines(first, last + 1, state.blkIndent, False).strip() if last is not None else ""
    found = _FORMS[opening].fullmatch(source)
    if last is None or not found:
        return False
    if not silent:
        token = state.push("formula_alone", "math", 0)
        token.content, token.markup, token.map, token.block = found[1].strip(), source, [first, last + 1], True
        state.line = last + 1
    return True


def _last_line(state: StateBlock, first: int, end: int, closing: str) -> int | None:
    for line in islice(range(first, end), MOST_LINES):
        text = _line(state, line)
        if line > first and (not text or state.sCount[line] < state.blkIndent):
            return None
        if text.endswith(closing) and (line > first or len(text) > len(closing)):
            return line
    return None


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()


# --- written out ------------------------------------------------------------------------------------------------------
def _rendered_within_text(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    return _read(token, env) or f"<code>{escapeHtml(token.markup)}</code>"


def _rendered_alone(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    read = _read(token, env)
    return f"<div>{read}</div>\n" if read else f"<pre><code>{escapeHtml(token.markup)}</code></pre>\n"


def _read(token: Token, env: EnvType) -> str | None:
    """MathML while the text has not had its share of formulas."""
    env["formulas"] = env.get("formulas", 0) + max(len(token.content), AT_LEAST)
    return mathml(token.content, alone=token.block) if env["formulas"] <= LONGEST_OF_A_TEXT else None
