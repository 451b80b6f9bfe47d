"""A file that is one JSON array -> its elements, one at a time, so that no file fills the memory."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

BLANK = " \t\r\n"
FIRST_READ = 2**16  # bytes


class BrokenArray(ValueError):
    """Says where the array cannot be read any further, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def elements(file: BinaryIO, most: int) -> Iterator[tuple[int, Any]]:
    """Each element with the line it starts on. `most`: characters of one element. Raises BrokenArray."""
    array = _Array(file, most)
    array.take("[")
    if array.next() == "]":
        return
    while True:
        yield array.element()
        if array.next() == "]":
            return
        array.take(",")


class _Array:
    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file, self._most = file, most
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text, self._at, self._line = "", 0, 1

    def next(self) -> str:
        """The next character that is not blank; empty at the end of the file."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in BLANK:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text) or not self._read(FIRST_READ):
                return self._text[self._at : self._at + 1]

    def take(self, mark: str) -> None:
        if self.next() != mark:
            found = repr(self.next()) if self.next() else "the end of the file"
            raise BrokenArray(self._line, f"expected {mark!r}, found {found}")
        self._at += 1

    def element(self) -> tuple[int, Any]:
        """Read until it is whole; twice as much each time, so that a long one is not begun anew too often."""
        self.next()
        start, more = self._line, FIRST_READ
        while True:
            try:
                found, end = json.JSONDecoder().raw_decode(self._text, self._at)
            except RecursionError:
                raise BrokenArray(start, "an element is nested too deeply") from None
            except json.JSONDecodeError as problem:
                self._check_length(start)
                if not self._read(more):
                    raise BrokenArray(start, f"not JSON: {problem.msg}") from None
                more *= 2
                continue
            if end == len(self._text) and self._read(more):
                continue  # a number may go on
            self._line += self._text.count("\n", self._at, end)
            self._at = end
            return start, found

    def _check_length(self, start: int) -> None:
        if len(self._text) - self._at > self._most:
            raise BrokenArray(start, f"an element is longer than {self._most // 2**20} Mi characters")

    def _read(self, size: int) -> bool:
        """More of the text, without what was read of it before; False at the end of the file."""
        found = self._file.read(size)
        try:
            more = self._decode(found, not found)
        except UnicodeDecodeError:
            raise BrokenArray(self._line, "the text is not UTF-8") from None
        self._text, self._at = self._text[self._at :] + more, 0
        return bool(found)
