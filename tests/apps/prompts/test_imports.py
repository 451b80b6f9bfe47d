import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.imports import MOST_BYTES, Fate, UnreadableFile, read_prompt_file
from apps.prompts.models import PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def prompt_set() -> PromptSet:
    return create_prompt_set(slug="everyday", title="Everyday")


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def lines(*records: object) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def only_line(data: bytes, prompt_set: PromptSet):
    (line,) = read_prompt_file(data, prompt_set).lines
    return line


def reason(data: bytes, prompt_set: PromptSet) -> str:
    line = only_line(data, prompt_set)
    assert Fate.REJECTED == line.fate
    return line.reason


# --- what is read -----------------------------------------------------------------------------------------------------
def test_an_mt_bench_question_becomes_a_prompt_with_two_turns(prompt_set):
    data = lines({"question_id": 81, "category": "writing", "turns": ["Write.", "Again."], "reference": ["a", "b"]})

    found = read_prompt_file(data, prompt_set)

    assert [
        {
            "key": "81",
            "messages": [user("Write."), user("Again.")],
            "category": "writing",
            "language": "en",
            "reference": ["a", "b"],
            "notes": "",
        }
    ] == found.rows


@pytest.mark.parametrize("name", ["prompt", "instruction", "question", "input", "text"])
def test_a_prompt_goes_by_many_names(prompt_set, name):
    assert [user("Why?")] == only_line(lines({"key": "q", name: "Why?"}), prompt_set).row["messages"]


def test_messages_are_taken_as_they_are(prompt_set):
    messages = [{"role": "system", "content": "Be brief."}, user("Why?")]

    assert messages == only_line(lines({"key": "q", "messages": messages}), prompt_set).row["messages"]


def test_a_system_text_comes_first(prompt_set):
    row = only_line(lines({"key": "q", "prompt": "Why?", "system": "Be brief."}), prompt_set).row

    assert [{"role": "system", "content": "Be brief."}, user("Why?")] == row["messages"]


def test_a_category_is_named_in_any_script(prompt_set):
    row = only_line(lines({"prompt": "Why?", "category": "రచన"}), prompt_set).row

    add_prompts(prompt_set=prompt_set, rows=[row])

    assert "రచన" == prompt_set.prompts.get().category.slug


def test_without_a_key_the_same_prompt_gets_the_same_key_in_every_file(prompt_set):
    first = only_line(lines({"prompt": "Why?"}), prompt_set).row["key"]
    second = read_prompt_file(lines({"prompt": "How?"}, {"text": "Why?"}), prompt_set).lines[1].row["key"]

    assert first == second


def test_csv_with_quotes_line_breaks_and_a_byte_order_mark(prompt_set):
    data = '\ufeffkey,prompt,category\nq-1,"Two\nlines, ""quoted""",writing\n\nq-2,Short,\n'.encode()

    found = read_prompt_file(data, prompt_set)

    # The first record stands on lines 2 and 3, line 4 is empty, the second record is on line 5.
    assert [(2, 'Two\nlines, "quoted"'), (5, "Short")] == [
        (line.line, line.row["messages"][0]["content"]) for line in found.lines
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_another_delimiter(prompt_set, delimiter):
    data = delimiter.join(["key", "prompt"]) + "\n" + delimiter.join(["q", "Why?"])

    assert "q" == only_line(data.encode(), prompt_set).row["key"]


def test_csv_cells_hold_turns_as_json(prompt_set):
    data = b'key,turns,reference\nq,"[""One?"", ""Two?""]","[""1"", ""2""]"\n'

    row = only_line(data, prompt_set).row

    assert ([user("One?"), user("Two?")], ["1", "2"]) == (row["messages"], row["reference"])


def test_a_csv_cell_may_be_as_long_as_a_picture(prompt_set):
    long = "x" * 200_000

    assert [user(long)] == only_line(f"key,prompt\nq,{long}\n".encode(), prompt_set).row["messages"]


def test_columns_that_mean_nothing_here_are_named(prompt_set):
    assert ("author", "mood") == read_prompt_file(
        lines({"prompt": "Why?", "mood": 1, "author": "x"}), prompt_set
    ).unread


@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_whatever_text_is_written_as_json_or_csv_is_read_back_as_it_was(texts):
    empty = PromptSet(pk=0)  # never saved, so it has no prompts
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([["key", "prompt"], *((f"k{i}", text) for i, text in enumerate(texts))])
    as_json = read_prompt_file(lines(*({"key": f"k{i}", "prompt": text} for i, text in enumerate(texts))), empty)
    as_csv = read_prompt_file(sheet.getvalue().encode(), empty)

    expected = [text for text in texts if text.strip()]
    for found in (as_json, as_csv):
        assert expected == [row["messages"][0]["content"] for row in found.rows]
        assert len(texts) == len(found.lines)


# --- what is there already --------------------------------------------------------------------------------------------
def test_a_known_key_is_a_duplicate_and_says_if_it_differs(prompt_set):
    add_prompts(
        prompt_set=prompt_set, rows=[{"key": "a", "messages": [user("A?")]}, {"key": "b", "messages": [user("B?")]}]
    )

    found = read_prompt_file(lines({"key": "a", "prompt": "A?"}, {"key": "b", "prompt": "Other?"}), prompt_set)

    assert ["in the set already", "in the set already, with other messages; those stay"] == [
        line.reason for line in found.of(Fate.DUPLICATE)
    ]
    assert [] == found.rows


def test_a_key_twice_in_one_file_counts_once(prompt_set):
    found = read_prompt_file(lines({"key": "a", "prompt": "A?"}, {"key": "a", "prompt": "B?"}), prompt_set)

    assert (1, "line 1 has this key") == (len(found.rows), found.of(Fate.DUPLICATE)[0].reason)


# --- what is rejected -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"key": "q"}, "found none"),
        ({"prompt": "A", "text": "B"}, "found prompt and text"),
        ({"prompt": 7}, "prompt must be a text"),
        ({"turns": []}, "at least one user message"),
        ({"turns": "one"}, "turns must be a list of texts"),
        ({"turns": ["one", 2]}, "turns must be a list of texts"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "'robot'"),
        ({"messages": [user("a")], "system": "s"}, "expected it inside"),
        ({"prompt": "A", "key": True}, "key must be"),
        ({"prompt": "A", "key": "k" * 81}, "key:"),
        ({"prompt": "A", "language": "l" * 21}, "language:"),
        ({"prompt": "A", "category": ["x"]}, "category must be a text"),
        ({"prompt": "A", "category": "c" * 61}, "category has 61 characters; at most 60 are taken"),
        ({"prompt": "A", "category": "?!"}, "category needs a letter or a digit"),
        ({"prompt": "A", "reference": ["1", "2"]}, "2 texts for 1 user turns"),
        ({"prompt": "A\0B"}, "NUL"),
        ({"prompt": "A", "notes": "\0"}, "NUL"),
    ],
)
def test_a_line_that_is_no_prompt_says_why(prompt_set, record, told):
    assert told in reason(lines(record), prompt_set)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"prompt": "A"', "not JSON"),
        (b'{"prompt": NaN}', "NaN is not JSON"),
        (b'{"prompt": "\\ud800"}', "surrogate"),
        (b'{"a":' * 100_000, "not JSON"),
    ],
)
def test_what_is_not_json_is_rejected_by_line_and_the_others_are_read(prompt_set, line, told):
    found = read_prompt_file(line + b'\n\n{"prompt": "B"}', prompt_set)

    (rejected,) = found.of(Fate.REJECTED)
    assert 1 == rejected.line
    assert told in rejected.reason
    assert [3] == [line.line for line in found.of(Fate.NEW)]


def test_a_list_among_the_lines_is_rejected(prompt_set):
    assert "found list" in read_prompt_file(b'{"prompt": "A"}\n["B"]', prompt_set).lines[1].reason


def test_a_csv_row_with_a_cell_too_many_is_rejected(prompt_set):
    assert "3 cells where the header has 2" == reason(b"key,prompt\nq,Why?,extra", prompt_set)


def test_a_csv_cell_with_broken_json_is_rejected(prompt_set):
    assert "turns is not JSON" in reason(b"key,turns\nq,[", prompt_set)


def test_torn_quotes_are_told_by_the_line_they_open_on(prompt_set):
    with pytest.raises(UnreadableFile, match="Line 3 is not CSV") as problem:
        read_prompt_file(b'key,prompt\na,One?\nb,"Two\nc,Three?\n', prompt_set)

    assert 3 == problem.value.line


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"key,prompt\nq,\xff\n", "Line 2 is not UTF-8"),
        (b"name,answer\nx,y", "found name, answer"),
        (b"prompt,prompt\nx,y", "names prompt twice"),
        (b'key,prompt\nq,"never closed', "is not CSV"),
        (b"x" * (MOST_BYTES + 1), "bytes; at most"),
        (b'{"prompt": "A"}\n' * 10_001, "10,001 prompts"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(prompt_set, data, told):
    with pytest.raises(UnreadableFile, match=told):
        read_prompt_file(data, prompt_set)


@given(data=st.binary())
def test_no_bytes_whatever_make_it_stumble(data):
    try:
        found = read_prompt_file(data, PromptSet(pk=0))
    except UnreadableFile:
        return
    assert all(bool(line.reason) == (line.fate != Fate.NEW) for line in found.lines)
