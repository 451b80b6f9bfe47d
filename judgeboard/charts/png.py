"""A drawing as a picture of pixels."""

import struct
import zlib
from collections.abc import Iterator

import vl_convert

SIGNATURE = b"\x89PNG\r\n\x1a\n"
FRAME = 12  # bytes of a chunk around its content


def picture(svg: str) -> bytes:
    """PNG of a drawing, as wide and high as that says."""
    return _packed(vl_convert.svg_to_png(svg))


def _packed(png: bytes) -> bytes:
    """The same pixels in a third of the bytes: the renderer packs them for speed."""
    chunks = list(_chunks(png))
    pixels = zlib.decompress(b"".join(content for kind, content in chunks if kind == b"IDAT"))
    head, *_, end = chunks
    return SIGNATURE + b"".join(_chunk(*chunk) for chunk in (head, (b"IDAT", zlib.compress(pixels, 9)), end))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        yield kind, png[at + 8 : at + 8 + length]
        at += length + FRAME


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
