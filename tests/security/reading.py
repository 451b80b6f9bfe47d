"""Reads a page as a browser would and tells what on it could act, or call somebody, that is not the page's own."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

NEVER = {
    *("iframe", "frame", "frameset", "object", "embed", "applet", "portal", "style", "base", "template"),
    *("audio", "video", "source", "track", "picture", "foreignobject", "animate", "set", "use", "image"),
    *("mglyph", "malignmark", "annotation-xml", "semantics", "maction"),
    *("noscript", "dialog", "marquee", "xmp", "plaintext", "isindex"),
}
ADDRESSES = {"href", "src", "action", "formaction", "poster", "background", "cite", "data", "ping", "xlink:href"}
NEVER_SET = {
    "style",
    "srcdoc",
    "srcset",
    "formaction",
    "ping",
    "http-equiv",
    "background",
    "popover",
    "contenteditable",
}
MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mpadded", "mphantom", "menclose"),
    *("mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
MATHML_ATTRIBUTES = {
    *("display", "notation", "linethickness", "mathvariant", "stretchy", "fence", "form", "accent", "accentunder"),
    *("movablelimits", "minsize", "maxsize", "width", "displaystyle", "scriptlevel", "columnalign"),
}
WITHIN_PROSE = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "ul", "ol", "li", "div"),
    *(
        "a",
        "img",
        "em",
        "strong",
        "del",
        "s",
        "sub",
        "sup",
        "code",
        "span",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ),
}
OURS = ("/static/", "/api/", "/boards/", "http://testserver/")  # of links in the head
VOID = {"br", "hr", "img", "input", "meta", "link", "path", "circle"}


class Reading(HTMLParser):
    """`problems`: a line for each thing that must not be there. `prose`: how many elements hold a model's words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.prose = 0
        self._depth = 0  # of elements within the prose that is being read
        self._script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attributes}
        self._script = tag == "script"
        complaints = [*_of_element(tag, told), *_of_attributes(tag, told)]
        if tag in MATHML and not self._depth:
            complaints.append(f"<{tag}> out of prose")
        if self._depth:
            complaints += _of_prose(tag, told)
            self._depth += tag not in VOID
        elif "prose" in told.get("class", "").split():
            self.prose, self._depth = self.prose + 1, 1
        self.problems += [f"line {self.getpos()[0]}: {complaint}" for complaint in complaints]

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self._depth -= bool(self._depth) and tag not in VOID

    def handle_endtag(self, tag: str) -> None:
        self._depth -= bool(self._depth) and tag not in VOID

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.problems.append(f"a script with words of its own: {data[:40]!r}")
        self._script = False


def _of_element(tag: str, told: dict[str, str]) -> list[str]:
    if tag in NEVER and not _is_our_dialog(tag, told):
        return [f"<{tag}>"]
    if tag == "script" and not told.get("src", "").startswith("/static/"):
        return [f"a script that is not ours: {told}"]
    if tag == "form" and not _is_our_form(told):
        return [f"a form that is not ours: {told}"]
    if tag == "img" and not told.get("src", "").startswith(("data:image/", "/static/")):
        return [f"a picture from elsewhere: {told}"]
    if tag == "link" and not told.get("href", "").startswith(OURS):
        return [f"a <link> elsewhere: {told}"]
    return []


def _is_our_dialog(tag: str, told: dict[str, str]) -> bool:
    """The help on keys, closed until it is asked for."""
    return tag == "dialog" and {"class": "keys", "aria-labelledby": "keys-title", "data-keys": ""} == told


def _is_our_form(told: dict[str, str]) -> bool:
    """Sends to a path of this site, or to the page itself."""
    action = told.get("action", "")
    return told.get("method") in ("get", "post") and (
        not action or (action.startswith("/") and not action.startswith("//"))
    )


def _of_attributes(tag: str, told: dict[str, str]) -> list[str]:
    named = [f"{name} on <{tag}>" for name in told if name.startswith(("on", "hx-on", "data-hx")) or name in NEVER_SET]
    led = [f"{name}={told[name]!r} on <{tag}>" for name in ADDRESSES & set(told) if not _is_harmless(tag, told[name])]
    return named + led


def _is_harmless(tag: str, address: str) -> bool:
    """http, https, mailto or relative; pictures may hold themselves."""
    parts = urlsplit("".join(address.split()))
    if tag == "img":
        return address.startswith("data:image/") or not parts.scheme
    return parts.scheme in ("http", "https", "mailto") or (not parts.scheme and not parts.netloc)


def _of_prose(tag: str, told: dict[str, str]) -> list[str]:
    """Within a model's words there is text, its shape, and links that lead away."""
    if tag in MATHML:
        return [f"{name}={value!r} on <{tag}>" for name, value in told.items() if not _is_of_a_formula(name, value)]
    if tag not in WITHIN_PROSE:
        return [f"<{tag}> in prose"]
    extra = set(told) - {"href", "title", "rel", "src", "alt", "start", "class"}
    if tag in ("pre", "table", "div") and told.get("tabindex") == "0":
        extra -= {"tabindex"}  # they scroll, and are reached by key
    if told.get("dir") in ("auto", "ltr"):
        extra -= {"dir"}
    if not told.get("class", "").startswith(
        {"code": "language-", "span": "code-", "div": "formula"}.get(tag, "no class")
    ):
        extra |= {"class"} & set(told)
    complaints = [f"{name} on <{tag}> in prose" for name in extra]
    if tag == "a" and "href" in told and "nofollow" not in told.get("rel", ""):
        complaints.append("a link in prose that is vouched for")
    if tag == "a" and told.get("href", "").startswith(("/", "?", "#")):
        complaints.append("a link in prose to a page of ours")
    return complaints


def _is_of_a_formula(name: str, value: str) -> bool:
    """A word or a small number: nothing that leads anywhere, or leaves its line."""
    return name in MATHML_ATTRIBUTES and (value.isalpha() or value.replace("-", "")[:1] in "0123.") and len(value) < 20
