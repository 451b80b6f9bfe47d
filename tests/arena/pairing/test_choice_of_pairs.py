from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judgeboard.arena.pairing.choice import BOTH_ORDERS, Choice, choose, shares
from judgeboard.arena.pairing.knowledge import BadKnowledge, Knowledge
from judgeboard.arena.pairing.plan import BadPlan, Plan, UnknownRule
from judgeboard.arena.pairing.rules import ADAPTIVE, RULES


def nothing_known(size: int) -> Knowledge:
    return Knowledge(np.full(size, np.nan), np.zeros((size, size), dtype=np.int64))


def shown_evenly(size: int, each: int) -> np.ndarray:
    """Every pair was judged `each` times in each order."""
    return each * (1 - np.eye(size, dtype=np.int64))


def share_of(known: Knowledge, plan: Plan) -> dict[tuple[int, int], float]:
    pairs = plan.support(len(known)).tolist()
    return {(i, j): share for (i, j), share in zip(pairs, shares(known, plan).tolist(), strict=True)}


@st.composite
def boards(draw: st.DrawFn) -> Knowledge:
    """What may be known of two to seven contenders; some pairs, and some contenders, were never judged."""
    size = draw(st.integers(2, 7))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    shown = rng.integers(0, 30, (size, size)) * (rng.random((size, size)) < 0.6)
    np.fill_diagonal(shown, 0)
    unmet = (shown + shown.T).sum(axis=1) == 0
    return Knowledge(np.where(unmet, np.nan, rng.normal(1000, 120, size)), shown)


@st.composite
def plans(draw: st.DrawFn, size: int) -> Plan:
    rule = draw(st.sampled_from(sorted(RULES)))
    contender = st.integers(0, size - 1)
    return Plan(
        rule,
        draw(st.integers(0, 150)),
        draw(st.sampled_from(("one", "both"))),
        audit=draw(st.floats(0, 1)),
        exploration=draw(st.floats(0.01, 1)),
        newcomer=draw(st.none() | contender),
        baseline=draw(contender) if rule == "baseline" else None,
    )


@st.composite
def choices(draw: st.DrawFn) -> tuple[Knowledge, Choice]:
    known = draw(boards())
    return known, choose(known, draw(plans(len(known))), seed=draw(st.integers(0, 99)))


@given(choices())
def test_shares_are_a_distribution_over_the_support_and_propensities_are_read_from_it(made):
    _, choice = made
    share = {tuple(pair): share for pair, share in zip(choice.support.tolist(), choice.share.tolist(), strict=True)}
    assert 1 == pytest.approx(choice.share.sum())
    assert (choice.share >= 0).all()
    assert [share[tuple(pair)] for pair in choice.pairs.tolist()] == choice.propensity.tolist()
    assert (choice.propensity > 0).all()


@given(choices())
def test_exactly_the_calls_that_were_asked_for_are_planned(made):
    _, choice = made
    assert choice.plan.calls == len(choice.pairs) + np.count_nonzero(choice.first == BOTH_ORDERS)
    assert (np.int32, np.int8, np.float64) == (choice.pairs.dtype, choice.first.dtype, choice.propensity.dtype)


@given(choices())
def test_a_pair_is_dealt_as_often_as_its_share_says_give_or_take_one(made):
    _, choice = made
    for pair, share in zip(choice.support, choice.share, strict=True):
        dealt = np.count_nonzero((choice.pairs == pair).all(axis=1))
        assert abs(dealt - share * len(choice.pairs)) < 1 + 1e-9


@pytest.mark.parametrize("rule", ["uniform", "gap_optimal", "rank_gain"])
def test_propensities_are_what_repeated_draws_give(rule):
    known = Knowledge(np.array([1100.0, 1050.0, 1040.0, 900.0]), shown_evenly(4, 10))
    first = [choose(known, Plan(rule, 7), seed=seed).pairs[0] for seed in range(1000)]
    choice = choose(known, Plan(rule, 7), seed=0)
    drawn = [np.mean((np.array(first) == pair).all(axis=1)) for pair in choice.support]
    # the standard error of a share is at most sqrt(.25 / 1000) = .016
    assert choice.share == pytest.approx(drawn, abs=0.064)


@given(boards(), st.data())
def test_a_seed_decides(known, data):
    plan = data.draw(plans(len(known)))
    one, again = choose(known, plan, seed=5), choose(known, plan, seed=5)
    assert one.pairs.tolist() == again.pairs.tolist()
    assert one.first.tolist() == again.first.tolist()


def test_another_seed_decides_otherwise():
    known = nothing_known(8)
    assert (
        choose(known, Plan("uniform", 50), seed=1).pairs.tolist()
        != choose(known, Plan("uniform", 50), seed=2).pairs.tolist()
    )


@settings(max_examples=60)
@given(boards(), st.sampled_from(sorted(RULES)), st.randoms(use_true_random=False))
def test_relabelling_contenders_permutes_the_shares(known, rule, random):
    order = list(range(len(known)))
    random.shuffle(order)
    number = np.argsort(order)
    renamed = Knowledge(known.rating[order], known.shown[np.ix_(order, order)])
    plan = Plan(rule, 40, baseline=0 if rule == "baseline" else None)
    before = share_of(known, plan)
    after = share_of(renamed, plan if plan.baseline is None else replace(plan, baseline=int(number[0])))
    moved = {tuple(sorted((int(number[i]), int(number[j])))): share for (i, j), share in before.items()}
    assert moved == pytest.approx(after, abs=1e-6)


@given(boards(), st.data())
def test_a_newcomer_plays_every_match_and_only_it(known, data):
    newcomer = data.draw(st.integers(0, len(known) - 1))
    rule = data.draw(st.sampled_from(sorted(set(RULES) - {"baseline"})))
    choice = choose(known, Plan(rule, 60, newcomer=newcomer), seed=1)
    assert (choice.pairs == newcomer).any(axis=1).all()
    assert len(known) - 1 == len(choice.support)


@pytest.mark.parametrize("rule", sorted(ADAPTIVE))
def test_an_adaptive_rule_leaves_every_pair_its_part_of_the_exploration(rule):
    known = Knowledge(np.array([1900.0, 1000.0, 990.0, 100.0]), shown_evenly(4, 500))
    # 6 pairs share .3 of the draws
    assert 0.05 <= shares(known, Plan(rule, 20, exploration=0.3)).min() + 1e-12


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"baseline"}))
def test_where_nothing_is_known_every_rule_treats_all_pairs_alike(rule):
    assert [1 / 10] * 10 == pytest.approx(shares(nothing_known(5), Plan(rule, 50)))


@given(boards(), st.integers(0, 200), st.integers(0, 99))
def test_orders_take_turns_within_each_pair(known, calls, seed):
    fresh = Knowledge(known.rating, known.shown + known.shown.T)  # both orders were judged equally often
    choice = choose(fresh, Plan("uniform", calls, audit=0.3), seed=seed)
    for pair in choice.support:
        first = choice.first[(choice.pairs == pair).all(axis=1)]
        assert abs(np.count_nonzero(first == 0) - np.count_nonzero(first == 1)) <= 1


def test_orders_that_were_uneven_before_are_made_good_first():
    shown = np.array([[0, 5], [2, 0]])
    choice = choose(Knowledge(np.array([1000.0, 1000.0]), shown), Plan("uniform", 7, audit=0.0), seed=3)
    # 5 and 2 and 7 more are 7 and 7: two more for contender 0, five for contender 1
    assert [2, 5] == np.bincount(choice.first).tolist()


def test_both_orders_means_that_every_match_is_two_calls_but_for_an_odd_one():
    choice = choose(nothing_known(4), Plan("uniform", 21, "both"), seed=1)
    assert [10, 1] == [np.count_nonzero(choice.first == BOTH_ORDERS), np.count_nonzero(choice.first != BOTH_ORDERS)]


def test_an_audit_is_a_share_of_the_matches():
    choice = choose(nothing_known(4), Plan("uniform", 120, audit=0.2), seed=1)
    # 100 matches in one order and 20 of them once more in the other
    assert [100, 20] == [len(choice.pairs), np.count_nonzero(choice.first == BOTH_ORDERS)]


def test_no_calls_choose_nothing():
    assert (0, 2) == choose(nothing_known(3), Plan("gap_optimal", 0), seed=1).pairs.shape


def test_a_choice_carries_what_made_it():
    plan = Plan("variance", 9, newcomer=1)
    choice = choose(nothing_known(3), plan, seed=8)
    assert (plan, 8) == (choice.plan, choice.seed)


@pytest.mark.parametrize("size", [0, 1])
def test_fewer_than_two_contenders_are_refused(size):
    with pytest.raises(BadKnowledge, match=f"at least two contenders to choose from, found {size}"):
        nothing_known(size)


@pytest.mark.parametrize("rating", [np.nan, np.inf])
def test_a_judged_contender_without_a_finite_rating_is_refused(rating):
    with pytest.raises(BadKnowledge, match="Contender 1 has the rating"):
        Knowledge(np.array([1000.0, rating]), shown_evenly(2, 3))


@pytest.mark.parametrize("shown", [np.zeros((3, 3)), np.full((2, 2), -1), np.eye(2), np.full((2, 2), np.nan)])
def test_counts_that_cannot_be_are_refused(shown):
    with pytest.raises(BadKnowledge, match="shown h"):
        Knowledge(np.array([1000.0, 1000.0]), shown)


def test_an_unknown_rule_is_named_with_those_there_are():
    with pytest.raises(UnknownRule, match="no rule 'best'; there are round_robin, baseline, uniform, variance"):
        Plan("best", 10)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"calls": -1}, "a number of calls, found -1"),
        ({"orders": "two"}, "found 'two'"),
        ({"audit": 1.5}, "audit to be a share from 0 to 1, found 1.5"),
        ({"exploration": float("nan")}, "exploration to be a share from 0 to 1, found nan"),
        ({"baseline": 0}, '"baseline" alone has one'),
        ({"rule": "baseline"}, "has the baseline None"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(wrong, sentence):
    with pytest.raises(BadPlan, match=sentence):
        Plan(**{"rule": "uniform", "calls": 10, **wrong})


@pytest.mark.parametrize("contender", [-1, 3])
def test_a_newcomer_or_baseline_from_elsewhere_is_refused(contender):
    for plan in (Plan("uniform", 5, newcomer=contender), Plan("baseline", 5, baseline=contender)):
        with pytest.raises(BadPlan, match=f"{contender} is not one of the 3 contenders"):
            choose(nothing_known(3), plan, seed=1)
