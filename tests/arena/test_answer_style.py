import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.arena.answer_style import style_of


def test_an_answer_by_hand():
    text = "# Title\n\nTwo **bold** and __strong__ words.\n\n- one\n* two\n  1. three\n"
    found = style_of(text)
    # words: # Title Two * * bold * * and __strong__ words . - one * two 1 . three
    assert (len(text), 19, 1, 3, 2) == tuple(found)


def test_an_empty_answer_has_no_style():
    assert (0, 0, 0, 0, 0) == style_of("")


@pytest.mark.parametrize("line", ["# a", "###### a", "   ## a", "#"])
def test_headers(line):
    assert 1 == style_of(f"text\n{line}\ntext").headers


@pytest.mark.parametrize("line", ["####### a", "#hashtag", "    # code", "a # b"])
def test_no_headers(line):
    assert 0 == style_of(line).headers


@pytest.mark.parametrize("line", ["- a", "* a", "+ a", "1. a", "12) a", "      - nested"])
def test_list_items(line):
    assert 1 == style_of(line).list_items


@pytest.mark.parametrize("line", ["-a", "1.5 metres", "**bold**", "-", "a - b", "--- "])
def test_no_list_items(line):
    assert 0 == style_of(line).list_items


@pytest.mark.parametrize("text", ["2 ** 3 and `**kwargs**`", "`__init__` is code", "****", "** a\nb **"])
def test_nothing_bold(text):
    assert 0 == style_of(text).bold


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_what_stands_in_code_counts_for_the_length_alone(fence):
    text = f"{fence}python\n# comment\n- item\n**kwargs**\n{fence}\n# Title"
    found = style_of(text)
    assert (len(text), 1, 0, 0) == (found.characters, found.headers, found.list_items, found.bold)


def test_a_fence_closes_with_as_many_marks_or_never():
    assert 0 == style_of("````\n# a\n```\n# b\n").headers
    assert 1 == style_of("```\n# a\n````\n# b\n").headers
    assert 0 == style_of("```\n# a\n~~~\n# b\n``` python\n# c").headers


def test_inline_code_in_three_marks_opens_no_fence():
    assert 1 == style_of("```code``` in a line\n# a").headers


@given(st.text())
def test_every_text_has_a_style(text):
    found = style_of(text)
    assert found.characters == len(text)
    assert 0 <= found.words <= len(text)
    assert min(found) >= 0


@given(st.text(alphabet="#*-_` a1.\n~"), st.text(alphabet="#*-_ a1.\n"))
def test_a_closed_block_of_code_changes_lengths_alone(text, code):
    prose = text.replace("`", "").replace("~", "")
    with_code = style_of(f"{prose}\n```\n{code}\n```")
    assert style_of(prose)[2:] == with_code[2:]


@pytest.mark.parametrize("text", ["**a" * 50_000, "`" * 100_000, "__a" * 50_000, " " * 100_000 + "-", "1" * 100_000])
def test_hostile_texts_take_no_longer_than_others(text):
    assert style_of(text).characters >= 100_000
