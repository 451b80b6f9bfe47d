"""Code in what models write, its words marked by what they are; `static/answers.css` gives the colours."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from time import thread_time

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml, unescapeAll
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, String
from pygments.token import _TokenType as TokenType

# The name after a fence -> Pygments' own. A closed list: some of its 500 languages take minutes over hostile text.
LANGUAGES = {
    **dict.fromkeys(("bash", "sh", "shell", "zsh"), "bash"),
    **dict.fromkeys(("c", "h"), "c"),
    **dict.fromkeys(("cpp", "c++", "cc", "hpp"), "cpp"),
    **dict.fromkeys(("csharp", "c#", "cs"), "csharp"),
    "css": "css",
    "dart": "dart",
    **dict.fromkeys(("diff", "patch"), "diff"),
    "dockerfile": "dockerfile",
    **dict.fromkeys(("go", "golang"), "go"),
    **dict.fromkeys(("haskell", "hs"), "haskell"),
    "html": "html",
    "java": "java",
    **dict.fromkeys(("javascript", "js", "jsx"), "javascript"),
    "json": "json",
    **dict.fromkeys(("julia", "jl"), "julia"),
    **dict.fromkeys(("kotlin", "kt"), "kotlin"),
    **dict.fromkeys(("latex", "tex"), "latex"),
    "lua": "lua",
    **dict.fromkeys(("perl", "pl"), "perl"),
    "php": "php",
    **dict.fromkeys(("powershell", "ps1"), "powershell"),
    **dict.fromkeys(("python", "py", "python3"), "python"),
    "r": "r",
    **dict.fromkeys(("ruby", "rb"), "ruby"),
    **dict.fromkeys(("rust", "rs"), "rust"),
    "scala": "scala",
    **dict.fromkeys(("sql", "mysql", "postgresql", "sqlite"), "sql"),
    "swift": "swift",
    "toml": "toml",
    **dict.fromkeys(("typescript", "ts", "tsx"), "typescript"),
    **dict.fromkeys(("xml", "svg"), "xml"),
    **dict.fromkeys(("yaml", "yml"), "yaml"),
}
# What a word is -> its class; the first that fits.
CLASSES = {
    Comment: "code-comment",
    Keyword.Constant: "code-number",
    Keyword: "code-keyword",
    Operator.Word: "code-keyword",
    String: "code-string",
    Number: "code-number",
    Literal: "code-number",
    Name.Builtin: "code-known",
    Name.Tag: "code-keyword",
    Name.Attribute: "code-name",
    Name.Class: "code-name",
    Name.Decorator: "code-known",
    Name.Exception: "code-known",
    Name.Function: "code-name",
    Generic.Inserted: "code-added",
    Generic.Deleted: "code-removed",
    Generic.Heading: "code-comment",
    Generic.Subheading: "code-comment",
}
LONGEST_CODE = 10_000  # characters of one piece
LONGEST_TIME = 0.15  # seconds of this thread for all code of a text; ordinary code of 10,000 characters takes a third

Word = tuple[str | None, str]


def code_colours(markdown: MarkdownIt) -> None:
    """A plugin of the Markdown parser: fenced code, coloured while its text has time left."""

    markdown.add_render_rule("fence", _fence)


def _fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    code, language = tokens[index].content, (unescapeAll(tokens[index].info).split() or [""])[0]
    begun, spent = thread_time(), env.get("colouring", 0.0)
    shown = coloured(code, language, LONGEST_TIME - spent) or escapeHtml(code)
    env["colouring"] = spent + thread_time() - begun
    return f'<pre><code class="language-{escapeHtml(language)}">{shown}</code></pre>\n'


def coloured(code: str, language: str, seconds: float = LONGEST_TIME) -> str:
    """HTML with a class for each word that has a colour; "" for code that stays plain."""
    name = LANGUAGES.get(language.lower())
    if not name or len(code) > LONGEST_CODE or seconds <= 0:
        return ""
    words = _words(get_lexer_by_name(name), code, seconds)
    return "".join(_marked(kind, "".join(text for _, text in run)) for kind, run in groupby(words, key=itemgetter(0)))


def _words(lexer: Lexer, code: str, seconds: float) -> Iterator[Word]:
    """The code in pieces; where reading takes too long, the rest is one piece without a colour."""
    end = thread_time() + seconds
    for start, kind, text in lexer.get_tokens_unprocessed(code):
        if thread_time() > end:
            yield None, code[start:]
            return
        yield _class(kind), text


def _class(kind: TokenType) -> str | None:
    return next((name for known, name in CLASSES.items() if kind in known), None)


def _marked(name: str | None, text: str) -> str:
    shown = escapeHtml(text)
    return f'<span class="{name}">{shown}</span>' if name and text.strip() else shown
