"""A spec -> SVG that a page can hold: small, in the page's colours and type, and with nothing a strict policy forbids.

Every colour keeps its light value as an attribute, for the file opened by itself, and gets a class (`fill-accent`,
`stroke-ink`), by which a page draws it in the colours of its theme.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

import altair as alt
import vl_convert

from judgeboard.charts.theme import FONT, SIZE, TOKENS, WIDTH, config

Rows = Sequence[Mapping[str, Any]]

SVG = "http://www.w3.org/2000/svg"
HREF = "{http://www.w3.org/1999/xlink}href"
BASE = "https://vega.github.io/vega-datasets/"  # the renderer puts this before every address without a host
NEEDLESS = {
    "aria-label",
    "aria-roledescription",
    "aria-hidden",
    "role",
    "class",
    "pointer-events",
    "font-family",
    "stroke-miterlimit",
    "version",
    "style",
}
DEFAULTS = {
    ("opacity", "1"),
    ("transform", "translate(0,0)"),
    ("text-anchor", "start"),
    ("stroke-width", "1"),
    ("font-size", f"{SIZE}px"),
}
LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
register_namespace("", SVG)


def drawn(chart: alt.TopLevelMixin, data: Mapping[str, Rows], summary: str) -> str:
    """The chart as one `svg` element, called by the summary. `data`: the rows of each name the chart speaks of.

    They are added here, since altair takes a copy of every row. Nothing is fetched.
    """
    spec = chart.to_dict(validate=False) | {"datasets": data, "config": config()}
    root = fromstring(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))  # noqa: S314 (drawn here)
    _tidy(root)
    return tostring(_called(summary, root), encoding="unicode")


def _called(summary: str, drawing: Element) -> Element:
    """A group, since an image may hold no links. Whoever hears the page is told the summary, and has the table."""
    sizes = {name: drawing.attrib[name] for name in ("viewBox", "width", "height")}
    font = {"font-family": FONT, "font-size": f"{SIZE}px"}
    looks = "chart wide" if float(sizes["width"]) > WIDTH else "chart"
    root = Element(drawing.tag, sizes | {"class": looks, "role": "group", "aria-label": summary} | font)
    SubElement(root, _named("g"), {"aria-hidden": "true"}).extend(drawing)
    return root


def _tidy(element: Element) -> None:
    for child in list(element):
        _tidy(child)
    element[:] = [kept for child in element for kept in _kept(child)]
    _name_mark(element)
    _link(element)
    element.attrib = dict(_attributes(element))


def _kept(element: Element) -> Sequence[Element]:
    """The element if anything of it is to be seen; of a group that says nothing, what is in it."""
    if element.get("opacity") == "0" or element.get("display") == "none":
        return ()
    if element.tag == _named("a") and HREF not in element.attrib and "href" not in element.attrib:
        return tuple(element)
    if element.tag == _named("g"):
        return (element,) if element.attrib and len(element) else tuple(element)
    is_unseen = element.tag == _named("path") and not {"fill", "stroke"} & set(element.attrib)
    return () if is_unseen else (element,)


def _name_mark(element: Element) -> None:
    """What a mark is described as, to be read where the pointer rests."""
    told = element.get("aria-label")
    if told and element.tag != _named("g") and element.get("role") == "graphics-symbol":
        SubElement(element, _named("title")).text = told


def _link(element: Element) -> None:
    """Links lead to pages of this site alone, and are for the pointer: for the keyboard the figure's table has them."""
    if element.tag == _named("a"):
        address = element.attrib.pop(HREF, "").removeprefix(BASE)
        if address.startswith("/") and not address.startswith("//"):
            element.attrib |= {"href": address, "tabindex": "-1"}


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    classes = []
    for name, value in element.items():
        if name in NEEDLESS or (name, value) in DEFAULTS:
            continue
        if name in ("fill", "stroke") and value in TOKENS:
            classes.append(f"{name}-{TOKENS[value]}")
        yield name, LONG_NUMBER.sub(_shorter, value)
    if classes:
        yield "class", " ".join(classes)


def _named(tag: str) -> str:
    return f"{{{SVG}}}{tag}"


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
