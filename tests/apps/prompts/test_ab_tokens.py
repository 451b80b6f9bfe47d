import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.builtin import ab_tokens
from apps.prompts.builtin.ab_tokens import EMPTY, TOKENS, facing, generate, is_correct, last_sequence, reduce, spelled

sequences = st.lists(st.sampled_from(TOKENS), max_size=14)
finished = sequences.map(reduce)


def in_any_order(tokens, rng):
    while places := facing(tokens):
        tokens = ab_tokens.rewrite_at(tokens, rng.choice(places))
    return tokens


def cancelled(tokens, letter):
    """Positions of the tokens of one letter that survive: like brackets, a right hash takes the next free left hash."""
    open_positions, survivors = [], []
    for position, token in enumerate(tokens):
        if token == f"{letter}#":
            open_positions.append(position)
        elif token == f"#{letter}":
            open_positions.pop() if open_positions else survivors.append(position)
    return survivors + open_positions


def reduced_by_letters(tokens):
    """The normal form without rewriting: each letter cancels like brackets, then the left hashes stand first."""
    survivors = [tokens[i] for i in sorted(cancelled(tokens, "A") + cancelled(tokens, "B"))]
    return sorted(survivors, key=lambda token: token.endswith("#"))


@pytest.mark.parametrize(
    ("tokens", "normal_form"),
    [
        ("", ""),
        ("A# #A", ""),
        ("B# #B", ""),
        ("A# #B", "#B A#"),
        ("B# #A", "#A B#"),
        ("#A A#", "#A A#"),  # the hashes look away from each other
        ("A# B#", "A# B#"),
        # B# [A# #B] #A -> [B# #B] A# #A -> [A# #A] -> nothing
        ("B# A# #B #A", ""),
        # A# [B# #A] #B -> [A# #A] B# #B -> [B# #B] -> nothing
        ("A# B# #A #B", ""),
        # A# [A# #B] -> [A# #B] A# -> #B A# A#
        ("A# A# #B", "#B A# A#"),
        # #B [B# #A] #A -> #B #A [B# #A] -> #B #A #A B#
        ("#B B# #A #A", "#B #A #A B#"),
    ],
)
def test_sequences_worked_by_hand_come_out_right(tokens, normal_form):
    assert normal_form.split() == reduce(tokens.split())


@given(sequences, st.randoms(use_true_random=False))
def test_every_order_of_rewriting_ends_in_the_same_sequence(tokens, rng):
    assert reduce(tokens) == in_any_order(tokens, rng)


@given(sequences)
def test_rewriting_agrees_with_cancelling_each_letter_like_brackets(tokens):
    assert reduced_by_letters(tokens) == reduce(tokens)


@given(sequences)
def test_a_finished_sequence_has_nothing_facing_and_stays(tokens):
    normal_form = reduce(tokens)
    assert facing(normal_form) == []
    assert normal_form == reduce(normal_form)


@given(sequences)
def test_tokens_vanish_only_in_pairs_of_one_letter(tokens):
    lost = sorted(tokens)
    for token in reduce(tokens):
        lost.remove(token)
    assert lost.count("A#") == lost.count("#A")
    assert lost.count("B#") == lost.count("#B")


def test_tokens_that_do_not_face_cannot_be_rewritten():
    with pytest.raises(KeyError):
        ab_tokens.rewrite_at(["#A", "A#"], 0)


def test_the_same_seed_gives_the_same_puzzles_and_another_seed_others():
    assert generate(7) == generate(7)
    assert generate(7) != generate(8)


def test_the_puzzles_of_a_seed_never_change():
    """Results refer to prompts by key, so a puzzle of a published seed must stay what it was, on every Python version."""
    content = generate(1, count=1)[0]["messages"][0]["content"]
    assert "#A A# B# A# #B" in content.splitlines()
    # B# A# #B: [A# #B] -> B# #B A# -> A#; in front stays #A A#
    assert generate(1, count=1)[0]["reference"] == ["#A A# A#"]


def test_a_longer_set_begins_with_the_shorter_one():
    assert generate(3, count=10) == generate(3, count=25)[:10]


def puzzle_of(row):
    lines = row["messages"][0]["content"].splitlines()
    return lines[lines.index("What becomes of this sequence?") + 2].split()


@given(st.integers(min_value=0, max_value=2**32))
def test_each_puzzle_shows_its_tokens_and_refers_to_their_normal_form(seed):
    for row in generate(seed, count=8):
        assert spelled(reduce(puzzle_of(row))) == row["reference"][0]


def test_lengths_take_turns_and_no_puzzle_comes_twice():
    puzzles = [puzzle_of(row) for row in generate(5, count=60)]
    # 60 puzzles over the eight lengths 5..12: seven rounds and four more
    assert [*range(5, 13)] * 7 + [5, 6, 7, 8] == [len(puzzle) for puzzle in puzzles]
    assert len({tuple(puzzle) for puzzle in puzzles}) == 60


def test_the_set_spreads_from_easy_to_hard():
    counts = [len(list(ab_tokens.steps(puzzle_of(row)))) - 1 for row in generate(1, count=200)]
    assert min(counts) == 1
    assert max(counts) >= 12
    # neither end makes up most of the set
    assert 20 <= sum(n <= 2 for n in counts) <= 100
    assert 20 <= sum(n >= 7 for n in counts) <= 100


def test_the_worked_example_follows_its_own_rules_and_is_never_asked():
    content = generate(1, count=1)[0]["messages"][0]["content"]
    # A# [B# #A] B# -> [A# #A] B# B# -> B# B#
    assert "Example: A# B# #A B#, then A# #A B# B#, then B# B#, and there it stops." in content
    puzzles = [tuple(puzzle_of(row)) for row in generate(1, count=ab_tokens.puzzles_of_length(4), lengths=[4])]
    assert ab_tokens.EXAMPLE not in puzzles


@pytest.mark.parametrize("size", range(6))
def test_the_number_of_puzzles_is_counted_right(size):
    by_hand = sum(bool(facing(p)) and p != ab_tokens.EXAMPLE for p in itertools.product(TOKENS, repeat=size))
    assert by_hand == ab_tokens.puzzles_of_length(size)


def test_all_puzzles_of_a_length_can_be_had_and_not_one_more():
    # length 2: only the four facing pairs
    assert len(generate(1, count=4, lengths=[2])) == 4
    with pytest.raises(ValueError, match="5 puzzles of length 2 were asked for; only 4 different ones exist"):
        generate(1, count=5, lengths=[2])


def test_without_a_length_there_is_no_puzzle():
    with pytest.raises(ValueError, match="no length was given"):
        generate(1, lengths=[])


@pytest.mark.parametrize(
    "reply",
    [
        "#B A#",
        "Answer: #B A#",
        "**Answer:** `#B A#`.",
        "Answer: `#B` `A#`",
        "Answer: #B, A#",
        "Answer: ['#B', 'A#']",
        "Answer: #BA#",
        r"Answer: $\#B\ A\#$",
        "Answer:\n\n#B A#\n",
        "First A# #B meet.\nA# #B = #B A#",
        "Answer: #B A#\n\nIt took one step: A# #B were swapped.",
        "At first I thought the answer was A# #B.\nAnswer: #B A#",
        "The sequence never gets (empty).\n\n#B A# and that is all",
    ],
)
def test_the_right_answer_is_found_however_it_is_dressed(reply):
    assert is_correct(reply, "#B A#")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Answer:",
        "A# #B",
        "Answer: A# #B",
        "Answer: #B",
        "Answer: #B A# A#",
        "Answer: (empty)",
        "#B A# or A# #B",
        "#Best A#ll",
    ],
)
def test_anything_else_is_not_the_right_answer(reply):
    assert not is_correct(reply, "#B A#")


@pytest.mark.parametrize("reply", ["Answer: (empty)", "A# #A vanish.\n(Empty)", "The sequence is empty.", "Answer: ∅"])
def test_nothing_left_can_be_said_in_several_ways(reply):
    assert is_correct(reply.lower(), EMPTY)
    assert not is_correct(reply.lower(), "A#")


def test_a_reply_without_a_sequence_names_none():
    assert last_sequence("I do not know.") is None
    assert not is_correct("I do not know.", EMPTY)


def test_a_reference_that_is_no_sequence_is_refused():
    with pytest.raises(ValueError, match="'forty-two' is no sequence"):
        is_correct("A#", "forty-two")


@given(finished, st.text(alphabet="xyz .\n", max_size=40))
def test_a_reply_with_working_before_it_is_read_to_the_end(normal_form, working):
    assert is_correct(f"{working}\nAnswer: {spelled(normal_form)}", spelled(normal_form))


@given(finished, finished)
def test_two_finished_sequences_count_as_the_same_only_if_they_are(one, other):
    assert (one == other) == is_correct(spelled(one), spelled(other))


def test_the_global_random_state_is_left_alone():
    random.seed(11)
    expected = random.random()
    random.seed(11)
    generate(1)
    assert expected == random.random()
