"""What is foretold of a run follows from what was measured, and says where nothing was."""

from decimal import Decimal

import pytest

from apps.budgets.price import Price, Tokens
from apps.endpoints.models import Endpoint
from apps.ratings.models import Leaderboard, Rating
from apps.runs.estimate import GUESSED_ANSWER, Lot, Measured, board_design_effect, estimate, newcomer_lot, run_estimate
from apps.runs.operations import create_run, plan_run
from judgeboard.arena.rating.expected_interval import expected_half_width
from tests import stage

CHEAP = Price(Decimal(1), Decimal(2))
QUICK = Measured(Tokens(10, 20), latency_ms=600)


def lot(name, questions, *, measured=QUICK, price=CHEAP, lane=None, concurrency=1):
    return Lot(name, questions, Tokens(100, 200), measured, price, lane=lane or name, concurrency=concurrency)


def test_tokens_and_dollars_add_up_over_what_is_asked():
    found = estimate(answers=[lot("Alder", 3)], verdicts=[lot("Strict", 2, measured=None)], elo=12.5)

    # 3 x (10, 20) measured and 2 x (100, 200) guessed; at $1 and $2 a million: 230 + 2 x 460 millionths.
    assert (Tokens(230, 460), Decimal("0.00115"), 12.5) == (found.tokens, found.usd, found.elo)
    assert (("Strict",), ()) == (found.unmeasured, found.unpriced)


def test_who_has_no_price_is_named_and_costs_nothing():
    found = estimate(answers=[lot("Alder", 3, price=None), lot("Birch", 0, price=None)], verdicts=[], elo=None)

    # Birch is asked nothing.
    assert (("Alder",), 0) == (found.unpriced, found.usd)


def test_lanes_work_side_by_side_and_judges_after_the_models():
    answers = [lot("Alder", 100, lane="one"), lot("Birch", 100, lane="one"), lot("Cedar", 300, concurrency=4)]
    verdicts = [lot("Strict", 100), lot("Lenient", 500, concurrency=2)]

    # Lane one: 200 x 0.6 s = 120 s; Cedar: 300 x 0.6 / 4 = 45 s. Lenient: 500 x 0.6 / 2 = 150 s. 270 s in all.
    assert 4.5 == pytest.approx(estimate(answers=answers, verdicts=verdicts, elo=None).minutes)


@pytest.mark.django_db
class TestFromTheRows:
    @pytest.fixture
    def run(self, now):
        """Two models on three prompts by one judge; Alder has answered one: 100 tokens read, 50 written, in 2 s."""
        prompts = stage.prompt_set(size=3)
        contenders = [stage.contender(name, endpoint=True) for name in ("Alder", "Birch")]
        Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2, concurrency=1)
        stage.output(contenders[0], prompts.prompts.first(), tokens_in=100, tokens_out=50, latency_ms=2000)
        run = create_run(
            board=stage.board(prompts), prompt_sets=[prompts], contenders=contenders, judges=[stage.judge()]
        )
        plan_run(run=run, now=now)
        return run

    def test_only_what_is_still_to_be_asked_counts(self, run):
        found = run_estimate(run)

        # Alder twice at 100 and 50, Birch thrice and Strict six times as guessed.
        assert Tokens(2 * 100 + 3 * 100 + 6 * 1200, 2 * 50 + 3 * 400 + 6 * 250) == found.tokens
        assert (("Birch", "Strict"), ("Strict",)) == (found.unmeasured, found.unpriced)
        assert 4 / 60 == pytest.approx(found.minutes)  # Alder: 2 x 2 s
        assert expected_half_width(6) == found.elo  # each is in all 6 judgments

    def test_imported_answers_measure_nothing(self, run):
        run.contenders.get(name="Alder").outputs.update(tokens_out=None)

        assert "Alder" in run_estimate(run).unmeasured

    def test_a_newcomer_is_taken_for_as_talkative_as_the_others(self, run):
        opponents = list(run.contenders.all())

        assert Tokens(100, 50) == newcomer_lot("Rowan", 3, None, opponents).guess
        assert GUESSED_ANSWER == newcomer_lot("Rowan", 3, None, []).guess

    def test_the_design_effect_of_the_board_widens_what_is_expected(self, run):
        leaderboard = Leaderboard.objects.create(board=run.board, seed=1)
        half = 2 * expected_half_width(100)  # twice as wide: four times the variance
        for contender in run.contenders.all():
            Rating.objects.create(
                leaderboard=leaderboard, contender=contender, by="judges", rating=1000, lower=1000 - half,
                upper=1000 + half, n=100,
            )  # fmt: skip

        assert 4 == pytest.approx(board_design_effect(run.board))
        assert expected_half_width(6, 4) == pytest.approx(run_estimate(run).elo)

    def test_before_a_board_was_rated_verdicts_count_as_independent(self, run):
        assert 1 == board_design_effect(run.board)
