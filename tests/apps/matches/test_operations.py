import pytest
from django.db import IntegrityError, transaction

from apps.matches.models import Match
from apps.matches.operations import add_matches
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    (prompt,) = stage.prompt_set().prompts.all()
    return prompt, stage.output(stage.contender("Alder"), prompt), stage.output(stage.contender("Birch"), prompt)


def test_a_pair_named_either_way_round_is_one_match(pair):
    prompt, alder, birch = pair
    there = add_matches(pairings=[(prompt.pk, alder.pk, birch.pk, 1)])
    back = add_matches(pairings=[(prompt.pk, birch.pk, alder.pk, 1)])

    assert there == back
    assert (alder, birch) == (Match.objects.get().output_a, Match.objects.get().output_b)


def test_each_turn_of_a_conversation_is_a_match_of_its_own(pair):
    prompt, alder, birch = pair
    add_matches(pairings=[(prompt.pk, alder.pk, birch.pk, turn) for turn in (1, 2)])

    assert 2 == Match.objects.count()


def test_only_the_matches_asked_for_are_told(pair):
    prompt, alder, birch = pair
    cedar = stage.output(stage.contender("Cedar"), prompt)
    add_matches(pairings=[(prompt.pk, alder.pk, birch.pk, 1)])
    (other,) = add_matches(pairings=[(prompt.pk, alder.pk, cedar.pk, 1)])

    assert cedar == Match.objects.get(pk=other).output_b


def test_the_database_refuses_a_pair_in_the_wrong_order_and_a_match_with_itself(pair):
    prompt, alder, birch = pair

    for a, b in ((birch, alder), (alder, alder)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Match.objects.create(prompt=prompt, output_a=a, output_b=b)
