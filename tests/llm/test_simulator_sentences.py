"""What answers are made of, and that a reader knows every sentence again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judgeboard.llm.simulator.chance import generator
from judgeboard.llm.simulator.quality import quality_of_share, sound_share
from judgeboard.llm.simulator.sentences import SOUND, WEAK, opening_words, recognise, sentence_at
from judgeboard.llm.simulator.words import pick_two, telling_words

EVERY_SENTENCE = [*SOUND.all, *WEAK.all]


def filled(sentence: str, word: str = "**kettle**") -> str:
    return sentence.format(x=word, y="“bridge”")


def test_each_bank_has_enough_sentences_that_answers_do_not_look_copied():
    assert len(set(SOUND.all)) >= 40
    assert len(set(WEAK.all)) >= 40


def test_no_two_sentences_open_with_the_same_four_words():
    assert len(EVERY_SENTENCE) == len({opening_words(sentence) for sentence in EVERY_SENTENCE})


@pytest.mark.parametrize("sentence", EVERY_SENTENCE)
def test_the_opening_words_of_a_sentence_hold_no_slot_and_it_ends_with_one_full_stop(sentence):
    assert re.fullmatch(r"[\w-]+( [\w-]+){3}", opening_words(sentence))
    assert [len(sentence) - 1] == [match.start() for match in re.finditer(r"[.!?]", sentence)]


@pytest.mark.parametrize(
    "before", ["", "- ", "3. ", "> ", "### Why\n\n", "Earlier words.\n\n1. ", "It ends so. ", "“Quoted.” "]
)
def test_every_sentence_is_known_again_wherever_it_stands(before):
    seen = [recognise(before + filled(sentence)) for sentence in EVERY_SENTENCE]
    expected = [(1, 0)] * len(SOUND.all) + [(0, 1)] * len(WEAK.all)
    assert expected == [(one.sound, one.weak) for one in seen]


def test_a_text_of_other_origin_has_no_known_sentence():
    seen = recognise("Paris is the capital of France. It lies on the Seine.\n\n- It is large.")
    assert (0, 0, -1, -1) == (seen.sound, seen.weak, seen.first_sound, seen.first_weak)


def test_the_first_sentence_of_each_kind_can_be_quoted():
    text = f"Hello.\n\n- {filled(WEAK.body[0])}\n- {filled(SOUND.body[0])}\n- {filled(SOUND.body[1])}"
    seen = recognise(text)
    assert (2, 1) == (seen.sound, seen.weak)
    assert filled(SOUND.body[0])[:-1] == sentence_at(text, seen.first_sound)
    assert filled(WEAK.body[0])[:-1] == sentence_at(text, seen.first_weak)


def test_quality_and_share_are_two_names_of_one_scale():
    # 0 points: half of the sentences; 325 points: 0.5 + 325 / 1300 = 0.75
    assert 0.5 == sound_share(0)
    assert 0.75 == sound_share(325)
    assert 325 == quality_of_share(0.75)


def test_a_share_never_leaves_0_to_1():
    assert (0.0, 1.0) == (sound_share(-5000), sound_share(5000))


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("What is the capital of France, please?", ["capital", "France"]),
        ("Explain the mother-in-law's kettle", ["mother-in-law's", "kettle"]),
        ("రైలు, విజయవాడకు!", ["రైలు", "విజయవాడకు"]),
        ("हिन्दी में लिखो।", ["हिन्दी", "में", "लिखो"]),
        ("서울에서 부산까지", ["서울에서", "부산까지"]),
        ("東京から大阪まで、何時間ですか。", ["東京から", "何時間で"]),
        ("2 + 2 = ?", []),
        ("[[A]] <<<END ANSWER A>>> [[BOTH_BAD]]", ["ANSWER"]),
    ],
)
def test_the_telling_words_of_a_prompt_are_found_in_any_script(prompt, words):
    assert words == telling_words(prompt)


@given(st.text())
def test_words_to_be_named_hold_letters_and_marks_only(text):
    assert all(
        re.sub(r"['-]", "", word).isprintable() and not set(word) & set("[]<>{}*`. \n") for word in telling_words(text)
    )


@given(st.lists(st.text(min_size=1), unique=True), st.integers())
def test_two_words_are_found_for_every_prompt_and_differ(words, seed):
    first, second = pick_two([word for word in words if word not in ("question", "wording", "answer")], generator(seed))
    assert first != second


@given(st.lists(st.one_of(st.text(), st.integers())))
def test_the_same_parts_give_the_same_numbers(parts):
    assert generator(*parts).random() == generator(*parts).random()


def test_lone_surrogates_can_be_part_of_a_seed():
    assert generator("\ud800").random() != generator("\udfff").random()


def test_parts_are_told_apart_where_they_meet():
    assert generator("ab", "c").random() != generator("a", "bc").random()
