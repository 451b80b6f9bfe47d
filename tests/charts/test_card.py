"""The picture that other sites show beside a link."""

import struct
import zlib

import vl_convert

from judgeboard.charts.axes import Interval
from judgeboard.charts.card import Ranked, card
from judgeboard.charts.png import picture
from judgeboard.charts.theme import ACCENT
from tests.charts.drawing import Drawing

LINES = [
    Ranked("1–2", "Aster", Interval(1200, 1170, 1230), meant=True),
    Ranked("2", "Briar", Interval(1100, 1070, 1130), meant=False),
]


def pixels(png: bytes) -> bytes:
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        packed += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    return zlib.decompress(packed)


def test_it_says_the_sentence_and_each_line_with_its_interval():
    words = Drawing(card("Everyday", "Aster leads", LINES, "1,204 judgments")).words

    assert ["judgeboard", "Everyday", "Aster leads"] == words[:3]
    assert ["1–2", "Aster", "1200 (1170 to 1230)", "2", "Briar", "1100 (1070 to 1130)", "1,204 judgments"] == words[3:]


def test_what_the_sentence_speaks_of_is_filled():
    dots = Drawing(card("Everyday", "Aster leads", LINES, "")).all("circle")[1:]  # the first is the site's mark

    assert [True, False] == [dot.get("fill") == ACCENT for dot in dots]


def test_a_long_sentence_takes_two_lines_and_ends_with_an_ellipsis():
    words = Drawing(card("Everyday", "A sentence that goes on " * 9, LINES, "")).words

    assert 2 == sum("sentence" in word for word in words)
    assert words[3].endswith("…")


def test_a_hostile_name_is_text():
    line = Ranked("1", "</text><script>alert(1)</script>", Interval(1, 0, 2), meant=True)

    assert "<script" not in card("<b>", "<i>", [line], "&")


def test_the_picture_is_of_the_size_that_sites_ask_for_and_packed_without_loss():
    svg = card("Everyday", "Aster leads", LINES, "")
    png, as_rendered = picture(svg), vl_convert.svg_to_png(svg)

    assert (1200, 630) == struct.unpack(">II", png[16:24])
    assert pixels(as_rendered) == pixels(png)
    assert len(png) < len(as_rendered) / 2
