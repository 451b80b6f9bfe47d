from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from benchmarks.coverage_corrected import JUDGES, Judge, simulated
from judgeboard.arena.corrected.fit import BadLambda, corrected_fit
from judgeboard.arena.corrected.judged_votes import BoardsDiffer
from judgeboard.arena.rating.bradley_terry import fit
from judgeboard.arena.rating.scale import ELO, EloScale
from judgeboard.arena.verdicts import FLIPPED_CODE, MatchesDiffer
from tests.arena.boards import board, boards
from tests.arena.reference_data import gpt4_verdicts, human_votes, needs_data

GOOD = JUDGES["good, biased"]
RATED = ("rating", "lower", "upper")


@st.composite
def judged_votes(draw):
    """(votes, judgments): some matches of a judged board, with other outcomes."""
    judgments = draw(boards())
    rows = np.flatnonzero(draw(st.lists(st.booleans(), min_size=len(judgments), max_size=len(judgments))))
    said = draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    return replace(judgments.where(rows), outcome=np.array(said, dtype=np.int8)), judgments


def on_matches(matches, *games):
    """Each game on the match, and the prompt, of the number given for it."""
    numbers = np.array(matches, dtype=np.int32)
    return replace(board(*games, names="ab"), match=numbers, prompt=numbers)


def drawn(seed, n=300, judge=GOOD):
    _, votes, judgments = simulated(np.random.default_rng(seed), n, judge)
    return votes, judgments


def each(change, evidence):
    return [change(verdicts) for verdicts in evidence]


def column(table):
    return pytest.approx(table, abs=1e-3, nan_ok=True)


def test_what_the_judge_says_too_much_of_the_voted_matches_is_taken_off_all_it_says():
    votes = board("a>b", "a>b", "a>b", "b>a")
    judgments = board("a>b", "a>b", "b>a", "b>a", "a>b", "a>b", "a>b", "a>b")
    found = corrected_fit(votes, judgments, lambda_=0.5)
    # a has 3 of 4 votes. The judge gives it 6 of 8, which is 3 of 4, but only 2 on the voted ones: 3 + (3 - 2) / 2 = 3.5
    # points of 4 are odds of 7
    assert 400 * np.log10(7) == pytest.approx(found.rating[0] - found.rating[1])
    assert ("corrected", 0.5, 4, 4, 8) == (found.state, found.lambda_, found.n_votes, found.n_paired, found.n_judged)


def test_judgments_on_one_match_count_as_their_mean():
    votes = board("a>b", "a>b", "a>b", "b>a")
    once = board("a>b", "a=b", "b>a", "a=b", "a>b", "a>b")
    twice = on_matches(
        [0, 1, 2, 3, 4, 5, 0, 1, 2, 3], *("a>b", "a>b", "b>a", "b>a", "a>b", "a>b"), *("a>b", "b>a", "b>a", "a>b")
    )
    for lambda_ in (0.5, 1.0, None):
        simple, merged = (corrected_fit(votes, judgments, lambda_=lambda_) for judgments in (once, twice))
        assert simple.rating == pytest.approx(merged.rating)
        assert simple.covariance == pytest.approx(merged.covariance)
    assert (6, 6) == (simple.n_judged, merged.n_judged)


def test_a_vote_without_a_judgment_is_human_evidence_alone():
    votes = board("a>b", "a>b", "a>b", "b>a", "b>a", "b>a")
    judgments = on_matches([0, 7, 8], "b>a", "a>b", "a>b")
    found = corrected_fit(votes, judgments, lambda_=0.6)
    # 3 points of 6. Of the one paired vote the judge gives a 0, over all matches 2/3: 3 + 0.6 * (2/3 - 0) = 3.4 of 6
    assert 400 * np.log10(3.4 / 2.6) == pytest.approx(found.rating[0] - found.rating[1])
    assert (6, 1, 3) == (found.n_votes, found.n_paired, found.n_judged)


@pytest.mark.parametrize("lambda_", [0.3, 1.0])
def test_a_general_optimiser_finds_the_same_minimum_of_the_loss_as_it_is_published(lambda_):
    votes, judgments = drawn(1)
    found = corrected_fit(votes, judgments, lambda_=lambda_)
    mean = judge_points(judgments)

    def loss(strength, a, b, points):
        lead = strength[a] - strength[b]
        return -np.mean(points * log_expit(lead) + (1 - points) * log_expit(-lead))

    def cost(strength):
        everywhere = loss(strength, judgments.a, judgments.b, mean[judgments.match])
        voted = loss(strength, votes.a, votes.b, mean[votes.match])
        return loss(strength, votes.a, votes.b, votes.points) + lambda_ * (everywhere - voted)

    peer = minimize(cost, np.zeros(12), method="BFGS", options={"gtol": 1e-8}).x
    assert peer - peer.mean() == pytest.approx((found.rating - 1000) / ELO, abs=1e-4)


def test_effective_votes_are_the_ratio_of_the_variances_over_prompts_written_out():
    votes, judgments = drawn(2)
    found = corrected_fit(votes, judgments)
    strength, mean, lambda_ = (found.rating - 1000) / ELO, judge_points(judgments), found.lambda_
    human, corrected = np.zeros((100, 12)), np.zeros((100, 12))

    def add(scores, rows, points, weight):
        pull = weight * (points - expit(strength[rows.a] - strength[rows.b]))
        np.add.at(scores, (rows.prompt, rows.a), pull)
        np.add.at(scores, (rows.prompt, rows.b), -pull)

    add(human, votes, votes.points, 1 / len(votes))
    corrected += human
    add(corrected, votes, mean[votes.match], -lambda_ / len(votes))
    add(corrected, judgments, mean[judgments.match], lambda_ / len(judgments))
    bread = np.zeros((12, 12))
    for rows, share in ((votes, 1 - lambda_), (judgments, lambda_)):
        contrast = np.eye(12)[rows.a] - np.eye(12)[rows.b]
        odds = expit(strength[rows.a] - strength[rows.b])
        bread += share * (contrast * (odds * (1 - odds))[:, None]).T @ contrast / len(rows)
    variance = [np.sum((scores @ np.linalg.pinv(bread, rcond=1e-9)) ** 2) for scores in (human, corrected)]
    doubt = 1 / len(np.unique(votes.prompt))
    assert found.effective == pytest.approx(300 / (doubt + (1 - doubt) * variance[1] / variance[0]), rel=1e-5)


def judge_points(judgments):
    return np.bincount(judgments.match, judgments.points) / np.bincount(judgments.match)


@given(judged_votes())
def test_without_weight_the_judge_changes_nothing(evidence):
    found, human = corrected_fit(*evidence, lambda_=0), fit(evidence[0])
    for name in (*RATED, "covariance"):
        assert getattr(human, name) == column(getattr(found, name))
        assert getattr(human, name) == column(getattr(found.human, name))
    assert len(evidence[0]) == pytest.approx(found.effective)
    assert human.profiled.tolist() == found.profiled.tolist()


@given(judged_votes(), st.sampled_from([None, 1.0]))
def test_every_rating_is_finite_where_votes_give_one(evidence, lambda_):
    found = corrected_fit(*evidence, lambda_=lambda_)
    rated = found.component >= 0
    for name in RATED:
        assert rated.tolist() == np.isfinite(getattr(found, name)).tolist()
    assert (found.lower[rated] <= found.upper[rated]).all()
    assert (found.upper[rated] - found.lower[rated] < 1e6).all()
    assert found.human.bounded.tolist() == found.bounded.tolist()


def test_a_weight_with_which_a_contender_would_have_lost_less_than_nothing_is_lowered_and_says_so():
    votes, judgments = board("a>b", "a>b", "a>b"), board(*("b>a",) * 3, *("a>b",) * 97, names="ab")
    found = corrected_fit(votes, judgments, lambda_=1)
    # a would have 3 + 3 * 97/100 - 0 = 5.91 points of 3, and b less than none
    assert found.lowered
    assert 0 <= found.lambda_ < 1
    assert [False, False] == found.bounded.tolist()
    assert np.isfinite(found.rating).all()


def test_a_judge_that_says_what_people_say_is_as_sure_as_on_all_its_matches():
    _, judgments = drawn(3, judge=Judge(1.0, 0.0, 0.0))
    votes = judgments.where(np.random.default_rng(3).choice(3000, 1000, replace=False))
    once = judgments.where(judgments.first == 0)
    found, whole = corrected_fit(votes, once), fit(once)
    assert 1 == pytest.approx(found.lambda_)
    assert 1500 < found.effective <= 3000
    assert (found.upper - found.lower).mean() == pytest.approx((whole.upper - whole.lower).mean(), rel=0.05)
    assert whole.rating == pytest.approx(found.rating, abs=1e-3)


def test_a_judge_that_throws_a_coin_is_given_no_weight_and_does_no_harm():
    votes, judgments = drawn(4)
    coin = np.random.default_rng(4).integers(0, 2, len(judgments)).astype(np.int8)
    found = corrected_fit(votes, replace(judgments, outcome=coin))
    assert found.lambda_ < 0.1
    assert found.effective == pytest.approx(300, rel=0.05)
    assert found.human.rating == pytest.approx(found.rating, abs=25)
    assert (found.upper - found.lower).mean() < 1.02 * (found.human.upper - found.human.lower).mean()


def test_a_judge_that_says_the_opposite_is_not_turned_around():
    votes, judgments = drawn(5)
    assert 0 == corrected_fit(votes, replace(judgments, outcome=FLIPPED_CODE[judgments.outcome])).lambda_


def test_the_tuned_weight_is_worth_more_than_none_half_or_all():
    votes, judgments = drawn(6)
    tuned = corrected_fit(votes, judgments)
    assert 0 < tuned.lambda_ < 1
    for lambda_ in (0.0, tuned.lambda_ / 2, 1.0):
        assert corrected_fit(votes, judgments, lambda_=lambda_).effective < tuned.effective


@settings(max_examples=30)
@given(judged_votes(), st.randoms(use_true_random=False))
def test_relabelling_contenders_permutes_everything(evidence, random):
    order = list(range(len(evidence[0].names)))
    random.shuffle(order)
    number = np.argsort(order).astype(np.int32)

    def renamed(part):
        return replace(part, names=tuple(part.names[k] for k in order), a=number[part.a], b=number[part.b])

    before, after = corrected_fit(*evidence, lambda_=0.5), corrected_fit(*each(renamed, evidence), lambda_=0.5)
    if not before.lowered and not after.lowered:  # on the edge of having a maximum, rounding decides on which side
        for name in (*RATED, "effective_each"):
            assert getattr(before, name)[order] == column(getattr(after, name))


def test_relabelling_changes_neither_weight_nor_worth():
    votes, judgments = drawn(7)

    def backwards(part):
        return replace(part, names=part.names[::-1], a=11 - part.a, b=11 - part.b)

    before, after = corrected_fit(votes, judgments), corrected_fit(*each(backwards, (votes, judgments)))
    assert (before.lambda_, before.effective) == pytest.approx((after.lambda_, after.effective))
    assert before.upper == column(after.upper[::-1])


@given(judged_votes())
def test_flipping_all_outcomes_negates_ratings_around_the_mean(evidence):
    def flipped(part):
        return replace(part, outcome=FLIPPED_CODE[part.outcome])

    before, after = corrected_fit(*evidence, lambda_=0.5), corrected_fit(*each(flipped, evidence), lambda_=0.5)
    if not before.lowered and not after.lowered:
        assert before.rating - 1000 == column(1000 - after.rating)
        assert before.upper - 1000 == column(1000 - after.lower)


@given(judged_votes())
def test_telling_judgments_from_the_other_side_changes_nothing(evidence):
    votes, judgments = evidence
    turned = judgments.flipped_where(judgments.match % 2 == 0)
    before, after = (corrected_fit(votes, part, lambda_=0.5) for part in (judgments, turned))
    if not before.lowered and not after.lowered:
        assert before.rating == column(after.rating)
        assert before.upper == column(after.upper)


def test_no_votes_rate_nobody_whatever_the_judge_says():
    found = corrected_fit(board(names="ab"), board("a>b", "b>a"))
    assert ("no votes", 0, 0) == (found.state, found.effective, found.lambda_)
    assert np.isnan([found.rating, found.lower, found.effective_each]).all()
    assert [True, True] == found.judged_only.tolist()


@pytest.mark.parametrize(
    ("state", "judgments"),
    [
        ("no judgments", board(names="ab")),
        ("no overlap", on_matches([8, 9], "a>b", "b>a")),
    ],
)
def test_without_a_judgment_on_a_voted_match_the_votes_stand_alone(state, judgments):
    votes = board("a>b", "a>b", "b>a")
    for lambda_ in (None, 1.0):
        found = corrected_fit(votes, judgments, lambda_=lambda_)
        assert (state, 0, False) == (found.state, found.lambda_, found.lowered)
        assert 3 == pytest.approx(found.effective)
        assert fit(votes).rating == pytest.approx(found.rating)
        assert fit(votes).upper == pytest.approx(found.upper)


def test_a_contender_that_only_the_judge_knows_is_named_and_unrated():
    votes = board("a>b", "a>b", "b>a", names=["a", "b", "z", "unknown"])
    judgments = board("a>b", "b>a", "b>a", "a>b", "z>a", "z>b", names=["a", "b", "z", "unknown"])
    found = corrected_fit(votes, judgments)
    assert [False, False, True, False] == found.judged_only.tolist()
    assert [False, False, True, True] == np.isnan(found.rating).tolist()
    assert ([2 + 1, 3, 0, 0], 4) == (found.n_verdicts.tolist(), found.n_judged)


def test_groups_that_no_vote_compares_stay_apart_though_the_judge_compared_them():
    votes = board("a>b", "b>a", "x>y", "y>x", "x>y")
    judgments = board("a>b", "a>b", "x>y", "x>y", "x>y", "a>x", "a>y", names=["a", "b", "x", "y"])
    found = corrected_fit(votes, judgments)
    assert [0, 0, 1, 1] == found.component.tolist()
    assert [1000, 1000] == pytest.approx([found.rating[:2].mean(), found.rating[2:].mean()])
    assert np.isnan(found.covariance[:2, 2:]).all()
    assert 5 == found.n_judged


def test_votes_that_are_all_ties_are_equal_ratings_that_are_not_sure():
    found = corrected_fit(board(*("a=b", "b=c", "c=a") * 5), board(*("a>b", "b>c", "c>a") * 9))
    assert [1000, 1000, 1000] == pytest.approx(found.rating.tolist())
    assert 0 == found.lambda_
    assert (found.upper - found.lower > 20).all()


def test_two_prompts_of_full_agreement_are_worth_no_more_than_twice_the_votes():
    judgments = board(*("a>b", "b>a") * 100)
    found = corrected_fit(judgments.where(np.arange(2)), judgments, lambda_=1)
    # of the variance 1/100 is left; with two prompts half a vote's variance is added to half of that: 2 / (0.5 + 0.005)
    assert 2 / 0.505 == pytest.approx(found.effective)


def test_both_bad_counts_as_a_tie_or_not_at_all_for_people_and_judge():
    votes, judgments = board("a>b", "a!b", "b>a", "a>b"), board("a>b", "a>b", "b!a", "a>b", "b>a", "a>b")
    kept, dropped = (corrected_fit(votes, judgments, both_bad=rule, lambda_=1) for rule in ("tie", "dropped"))
    # as ties: 2.5 of 4 votes, the judge 4.5 of 6 and 3.5 of the voted 4: 2.5 + 4 * 0.75 - 3.5 = 2 of 4
    assert 0 == pytest.approx(kept.rating[0] - kept.rating[1], abs=1e-6)
    # dropped: 2 of 3 votes, of which 2 are paired; the judge 4 of 5, and 2 of those 2: 2 + 2 * 0.8 - 2 = 1.6 of 3
    assert 400 * np.log10(1.6 / 1.4) == pytest.approx(dropped.rating[0] - dropped.rating[1])
    assert (3, 2, 5) == (dropped.n_votes, dropped.n_paired, dropped.n_judged)


def test_an_anchor_is_pinned_and_has_no_error():
    votes, judgments = drawn(8)
    free, pinned = (corrected_fit(votes, judgments, scale=scale) for scale in (None, EloScale("model-3", 1114)))
    assert (1114, 1114, 1114) == pytest.approx((pinned.rating[3], pinned.lower[3], pinned.upper[3]))
    assert free.rating - free.rating[3] == pytest.approx(pinned.rating - 1114)


def test_contenders_of_another_name_or_order_are_refused():
    with pytest.raises(BoardsDiffer, match="different contenders, or in another order"):
        corrected_fit(board("a>b"), board("b>a"))


def test_a_match_between_others_for_the_judge_than_for_people_is_refused():
    with pytest.raises(MatchesDiffer, match="Match 0 is not between the same two"):
        corrected_fit(board("a>b", names="abc"), board("a>c", names="abc"))


def test_a_match_on_another_prompt_for_the_judge_than_for_people_is_refused():
    with pytest.raises(BoardsDiffer, match="Match 1 is on prompt 1 in one row"):
        corrected_fit(board("a>b", "a>b"), board("a>b", "a>b", prompts=[0, 7]))


@pytest.mark.parametrize("lambda_", [-0.1, 1.1, np.nan])
def test_a_weight_outside_its_range_is_refused(lambda_):
    with pytest.raises(BadLambda, match="expected a weight from 0, humans only, to 1"):
        corrected_fit(board("a>b"), board("a>b"), lambda_=lambda_)


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_corrected_intervals_cover_what_people_would_say_and_those_of_the_judge_do_not(judge):
    rng = np.random.default_rng(20240311)
    covered, alone, width, human_width = [], [], [], []
    for _ in range(60):
        truth, votes, judgments = simulated(rng, 150, judge)
        found, only_judge = corrected_fit(votes, judgments), fit(judgments)
        covered.append(np.mean((found.lower <= truth) & (truth <= found.upper)))
        alone.append(np.mean((only_judge.lower <= truth) & (truth <= only_judge.upper)))
        width.append(np.mean(found.upper - found.lower))
        human_width.append(np.mean(found.human.upper - found.human.lower))
    assert 0.93 <= np.mean(covered) <= 0.98
    assert np.mean(alone) < 0.93
    assert np.mean(width) < 1.02 * np.mean(human_width)


@needs_data
def test_real_votes_with_gpt_4_beside_them_come_nearer_to_all_votes():
    votes, judgments, rng = human_votes(), gpt4_verdicts(), np.random.default_rng(1)
    truth = fit(votes).rating
    errors = np.zeros(2)
    for _ in range(60):
        found = corrected_fit(votes.where(rng.choice(len(votes), 200, replace=False)), judgments)
        errors += [np.mean((board.rating - truth) ** 2) for board in (found.human, found)]
    assert errors[1] < 0.95 * errors[0]


def test_a_result_carries_what_made_it():
    scale = EloScale(mean=1200)
    found = corrected_fit(board("a=b"), board("a>b", "a>b"), both_bad="dropped", level=0.9, scale=scale)
    assert ("dropped", "prompt", 0.9, scale) == (found.both_bad, found.interval, found.level, found.scale)
