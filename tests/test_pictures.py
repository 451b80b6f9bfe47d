"""The pictures of the documentation are those that `make pictures` takes, and none is heavy."""

import re
from pathlib import Path

from docs.pictures import HERE, PICTURES

HEAVIEST = 150_000  # bytes
SHOWN = re.compile(r"!\[(?P<told>[^\]]+)\]\((?P<file>[^)]+)\)\n\n(?P<sentence>[A-Z][^\n]+\.)")

TAKEN = [f"{picture.name}.webp" for picture in PICTURES]


def test_each_picture_is_shown_once_with_words_for_who_cannot_see_it_and_a_sentence():
    shown = SHOWN.findall((HERE / "README.md").read_text())

    assert TAKEN == [file for _, file, _ in shown]
    assert all(len(told) > 40 for told, *_ in shown)


def test_there_is_no_other_picture_and_none_is_heavy():
    kept = {path.name: path.stat().st_size for path in HERE.iterdir() if path.suffix in (".webp", ".png")}

    assert set(TAKEN) == kept.keys()
    assert not {name: size for name, size in kept.items() if size > HEAVIEST}


def test_the_first_page_of_the_project_shows_the_board():
    assert "(docs/board.webp)" in Path("README.md").read_text()
