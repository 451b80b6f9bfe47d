from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from apps.budgets.price import Price
from apps.contenders.models import Contender
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.seal import open_key
from apps.runs.models import Run
from tests import stage

pytestmark = pytest.mark.django_db

KEY = "sk-canary-5a17c0de9f"


@pytest.fixture
def mary():
    return User.objects.create_user("mary")


@pytest.fixture
def door(client, mary):
    client.force_login(mary)
    return client


@pytest.fixture
def ready():
    """A board with two prompts, two models that have answered, and a judge."""
    prompts = stage.prompt_set(size=2)
    opponents = [stage.contender(name) for name in ("Alder", "Birch")]
    for opponent in opponents:
        for prompt in prompts.prompts.all():
            stage.output(opponent, prompt)
    judge = stage.judge()
    return stage.board(prompts), prompts, opponents, judge


def filled_in(ready, **changes):
    _, prompts, opponents, judge = ready
    return {
        "base_url": stage.ADDRESS,
        "model": "rowan-7b",
        "key": KEY,
        "name": "Rowan",
        "open_weights": "yes",
        "prompt_sets": [prompts.pk],
        "opponents": [opponent.pk for opponent in opponents],
        "judges": [judge.pk],
        "step": "start",
    } | changes


def test_submitting_takes_a_signed_in_person(client, ready):
    for answer in (client.get("/submit/"), client.post("/submit/", filled_in(ready))):
        assert "/sign-in/?next=/submit/" == answer.url
    assert not Run.objects.exists()


def test_the_form_offers_everything_of_the_board_ticked(door, ready):
    html = door.get("/submit/").content.decode()

    # One prompt set, two opponents, one judge; and every match of the plan.
    assert 5 == html.partition("<dialog")[0].count("checked")
    assert "Alder" in html
    assert "Everyday v1 · 2 prompts" in html


def test_simulated_opponents_are_said_to_be_so(door, ready):
    played = stage.contender("Played", endpoint=True, simulated=True)
    stage.output(played, ready[1].prompts.first())

    html = door.get("/submit/").content.decode()

    assert "Played (simulated)" in html
    assert "Alder (simulated)" not in html


def test_checking_the_plan_counts_and_writes_nothing(door, ready):
    html = door.post("/submit/", filled_in(ready, step="check")).content.decode()

    # 2 prompts x 2 opponents = 4 matches, each judged once in each order by one judge = 8 calls.
    for label, count in (("Calls to your endpoint", 2), ("Matches", 4), ("Calls to judges", 8)):
        assert f"<dt>{label}</dt><dd>{count}</dd>" in html
    assert 'value="start"' in html
    assert not Run.objects.exists()
    assert not Endpoint.objects.filter(name="Rowan").exists()


def test_starting_makes_a_run_and_leads_to_it(door, ready, mary):
    answer = door.post("/submit/", filled_in(ready))

    run = Run.objects.get()
    assert f"/runs/{run.pk}/" == answer.url
    assert (mary, "Rowan", True) == (run.owner, run.newcomer.name, run.newcomer.open_weights)
    assert ready[0] == run.board
    assert KEY == open_key(run.newcomer.endpoint.sealed_key, stage.ADDRESS)
    assert run.newcomer.endpoint == EndpointCheck.objects.get().endpoint


@pytest.mark.parametrize("step", ["check", "start"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"base_url": "http://api.example.com/v1"}, "Only https addresses are called"),
        ({"base_url": "https://me:secret@api.example.com"}, "must not hold a user name or password"),
        ({"base_url": "ftp://api.example.com"}, "must start with https://"),
        ({"name": "Alder"}, "There is a model called &#x27;Alder&#x27; already"),
        ({"model": ""}, "This field is required"),
        ({"judges": []}, "This field is required"),
        ({"opponents": []}, "This field is required"),
        ({"key": "two words"}, "A key is one word"),
        ({"pairs_per_prompt": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(door, ready, changes, sentence, step):
    html = door.post("/submit/", filled_in(ready, step=step, **changes)).content.decode()

    assert sentence in html
    assert "<dt>Matches</dt>" not in html
    assert not Run.objects.exists()
    assert 2 == Contender.objects.count()


def test_a_judge_that_the_board_does_not_offer_is_refused(door, ready):
    imported = stage.judge("imported", endpoint=False)

    html = door.post("/submit/", filled_in(ready, judges=[imported.pk])).content.decode()

    assert "not one of the available choices" in html


def test_the_key_is_never_sent_back(door, ready):
    pages = [
        door.post("/submit/", filled_in(ready, step="check")),
        door.post("/submit/", filled_in(ready, name="")),
        door.post("/submit/", filled_in(ready, step="check"), headers={"hx-request": "true"}),
        door.post("/submit/", filled_in(ready), follow=True),
        door.get("/runs/"),
        door.get("/submit/"),
    ]

    for page in pages:
        assert 200 == page.status_code
        assert KEY not in page.content.decode()


def test_without_javascript_the_second_step_asks_for_the_key_again(door, ready):
    checked = door.post("/submit/", filled_in(ready, step="check")).content.decode()
    assert 'name="key_was_given"' in checked

    forgotten = door.post("/submit/", filled_in(ready, key="", key_was_given="yes"))
    assert "Enter the key once more" in forgotten.content.decode()
    assert not Run.objects.exists()

    door.post("/submit/", filled_in(ready, key_was_given="yes"))
    assert Run.objects.exists()


def test_an_endpoint_without_a_key_needs_none(door, ready):
    door.post("/submit/", filled_in(ready, key=""))

    assert "" == open_key(Run.objects.get().newcomer.endpoint.sealed_key, stage.ADDRESS)


def test_htmx_gets_the_plan_alone(door, ready):
    html = door.post("/submit/", filled_in(ready, step="check"), headers={"hx-request": "true"}).content.decode()

    assert html.lstrip().startswith("<section")
    assert "<html" not in html
    assert "<dt>Matches</dt><dd>4</dd>" in html


def test_htmx_gets_what_is_missing_with_links_to_the_fields(door, ready):
    wrong = filled_in(ready, step="check", name="")
    html = door.post("/submit/", wrong, headers={"hx-request": "true"}).content.decode()

    assert '<a href="#id_name">Display name</a>' in html


def test_without_a_board_the_page_says_what_is_missing(door):
    assert "no board to submit to yet" in door.get("/submit/").content.decode()


def test_without_judges_and_opponents_the_page_says_so(door):
    stage.board(stage.prompt_set())

    assert "It has no opponents and a judge with an endpoint." in door.get("/submit/").content.decode()


def test_another_board_is_chosen_by_the_url(door, ready):
    riddles = stage.prompt_set("riddles")
    stage.output(ready[2][0], riddles.prompts.get())
    stage.board(riddles, slug="riddles")

    assert "Riddles v1" in door.get("/submit/?board=riddles").content.decode()
    assert 404 == door.get("/submit/?board=nowhere").status_code


def test_submitting_wants_a_csrf_token(mary, ready):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mary)

    assert 403 == strict.post("/submit/", filled_in(ready)).status_code
    assert not Run.objects.exists()


def test_the_form_asks_the_database_a_fixed_number_of_questions(door, ready, django_assert_max_num_queries):
    for n in range(20):
        stage.output(stage.contender(f"Model {n}"), ready[1].prompts.first())

    with django_assert_max_num_queries(20):
        door.get("/submit/")


# --- price and budget -------------------------------------------------------------------------------------------------
PRICED = {"usd_in": "0.50", "usd_out": "1.50"}


def give_prices():
    Endpoint.objects.update(usd_per_million_in=2, usd_per_million_out=8)


def test_a_plan_says_what_it_will_cost_and_how_sure_the_rating_will_be(door, ready):
    give_prices()

    html = door.post("/submit/", filled_in(ready, step="check", **PRICED)).content.decode()

    # 2 answers of 100 tokens in and 400 out at $0.50 and $1.50 a million: $0.0013. 8 verdicts of 1,200 and 250 at $2
    # and $8: 9,600 x $2 + 2,000 x $8 = $0.0352. In all 9,800 and 2,800 tokens.
    for label, told in (("Tokens in", "9,800"), ("Tokens out", "2,800"), ("Cost", "$0.0365"), ("Time", "not known")):
        assert f"<dt>{label}</dt><dd>{told}</dd>" in html
    # 1.96 x 173.72 x 2 / sqrt(8) = 240.8.
    assert "<dt>Rating known to</dt><dd>± 241</dd>" in html
    assert "Nothing was measured yet of Rowan, Strict" in html


def test_a_budget_below_the_estimate_is_said_to_be_so(door, ready):
    give_prices()

    told = [
        " ".join(
            door.post("/submit/", filled_in(ready, step="check", budget_usd=usd, **PRICED)).content.decode().split()
        )
        for usd in ("0.04", "0.03")
    ]

    # $0.0365 are expected.
    assert 'spend more than <span class="num">$0.04</span>.' in told[0]
    assert '<span class="num">$0.03</span>, which is less than it is expected to cost.' in told[1]


def test_a_plan_without_prices_names_who_has_none(door, ready):
    html = door.post("/submit/", filled_in(ready, step="check")).content.decode()

    assert "<dt>Cost</dt><dd>not known</dd>" in html
    assert "No price is known for Rowan, Strict: not in the cost." in html


def test_a_price_and_a_budget_are_written_down_with_the_run(door, ready, mary):
    give_prices()

    door.post("/submit/", filled_in(ready, budget_usd="2.50", **PRICED))

    run = Run.objects.get()
    endpoint = run.newcomer.endpoint
    assert Decimal("2.50") == run.budget.cap
    assert Price(Decimal("0.50"), Decimal("1.50")) == endpoint.price
    assert ("told by mary", timezone.now().date()) == (endpoint.price_source, endpoint.price_date)


def test_the_form_tells_what_may_still_be_spent(door, ready, settings):
    settings.VISITOR_DOLLARS_A_DAY = Decimal("2.50")

    assert "Empty: the $2.50 that your runs may still spend." in door.get("/submit/").content.decode()


def test_a_budget_without_a_price_is_refused_and_nothing_is_written(door, ready):
    give_prices()

    html = door.post("/submit/", filled_in(ready, budget_usd="2.50")).content.decode()

    assert "No price is known for Rowan, so the budget could not be kept" in html
    assert not Run.objects.exists()
    assert not Endpoint.objects.filter(name="Rowan").exists()


def test_half_a_price_is_refused_at_the_other_half(door, ready):
    html = door.post("/submit/", filled_in(ready, usd_in="1")).content.decode()

    assert "A price has both sides" in html
    assert not Run.objects.exists()


# --- when it stops ----------------------------------------------------------------------------------------------------
CHOOSES = {"stop": "precision", "precision": "20"}


@pytest.fixture
def roomy(ready):
    """A board with 300 prompts more, so that a place can be known well."""
    prompts = stage.prompt_set("riddles", size=300)
    ready[0].prompt_sets.add(prompts)
    return ready[0], prompts, ready[2], ready[3]


@pytest.fixture
def chats(roomy):
    """Both opponents have answered all of it."""
    return [stage.output(opponent, prompt) for opponent in roomy[2] for prompt in roomy[1].prompts.all()]


def plan_text(door, ready, **changes) -> str:
    return " ".join(door.post("/submit/", filled_in(ready, step="check", **changes)).content.decode().split())


def test_a_run_that_stops_at_a_precision_is_foretold_and_nothing_is_written(door, roomy, chats):
    html = plan_text(door, roomy, stop="precision", precision="40")

    # 4 x (1.96 x 173.72 / 40)^2 = 289.8 verdicts; there are 300 x 2 matches.
    assert "Rowan meets 2 models until its place is known to ± 40 Elo points." in html
    assert "<dt>Calls to judges, about</dt><dd>290</dd>" in html
    assert "<dt>Rating known to</dt><dd>± 40</dd>" in html
    assert "It will hardly get there" not in html
    assert 'value="start"' in html
    assert not Run.objects.exists()
    assert not Endpoint.objects.filter(name="Rowan").exists()


def test_a_precision_that_the_matches_do_not_give_is_said_to_be_out_of_reach(door, ready):
    html = plan_text(door, ready, **CHOOSES)

    # 2 prompts x 2 opponents x 1.15 calls to a match.
    assert "<dt>Calls to judges, at most</dt><dd>5</dd>" in html
    assert "It will hardly get there: all matches there are tell its place to about ± 305 Elo points." in html


def test_a_precision_that_the_calls_do_not_give_is_said_to_be_out_of_reach(door, roomy, chats):
    html = plan_text(door, roomy, max_calls="100", **CHOOSES)

    assert '<dt>Calls to judges, at most</dt><dd>100</dd><dd class="aside">never more than 100</dd>' in html
    assert "It will hardly get there: so few calls tell its place to about ± 68 Elo points." in html


def test_starting_makes_a_run_that_chooses_its_matches(door, ready):
    door.post("/submit/", filled_in(ready, max_calls="500", pairs_per_prompt="1", **CHOOSES))

    run = Run.objects.get()
    assert ("equal_width", 20, False, 500, None) == (
        run.rule, run.precision, run.order, run.max_calls, run.pairs_per_prompt,
    )  # fmt: skip
    assert "Rowan" == run.newcomer.name


def test_what_belongs_to_the_other_end_is_left_aside_whatever_it_says(door, ready):
    door.post("/submit/", filled_in(ready, stop="all", precision="much", max_calls="0", pairs_per_prompt="1"))

    run = Run.objects.get()
    assert (None, None, None, 1) == (run.rule, run.precision, run.max_calls, run.pairs_per_prompt)


@pytest.mark.parametrize("step", ["check", "start"])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"precision": "0"}, "Expected a precision of at least 1 Elo point, found 0."),
        ({"precision": "-20"}, "Expected a precision of at least 1 Elo point, found -20."),
        ({"precision": ""}, "Say to how many Elo points its place shall be known, for example 20."),
        ({"precision": "much"}, "Expected a number of Elo points, for example 20."),
        ({"precision": "nan"}, "Expected a number of Elo points, for example 20."),
        ({"max_calls": "0"}, "Expected at least one call to a judge, found 0."),
        ({"max_calls": "2.5"}, "Expected a whole number of calls, for example 2000."),
        ({"max_calls": "99999999999"}, "less than or equal to 1000000"),
        ({"stop": "never"}, "Select a valid choice. never is not one"),
        ({"budget_usd": "5"}, "No price is known for Rowan, so the budget could not be kept"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused_in_a_sentence(door, ready, changes, sentence, step):
    give_prices()
    html = door.post("/submit/", filled_in(ready, step=step, **CHOOSES | changes)).content.decode()

    assert 1 == html.count(sentence)
    assert "<dt>Calls to judges" not in html
    assert not Run.objects.exists()
