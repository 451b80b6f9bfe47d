"""S11: every address x who asks x how. What is not in the table is not allowed to exist."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.budgets.models import Budget
from apps.endpoints.models import Endpoint
from apps.exchange.models import Upload
from apps.exchange.operations import receive_upload
from apps.humans.models import Ballot, Voter
from apps.prompts.models import PromptSet
from apps.ratings.models import Figure, Leaderboard, Rating
from apps.runs.models import Run
from apps.runs.operations import submit_contender
from tests import stage

pytestmark = pytest.mark.django_db

WHO = ("anonymous", "owner", "other", "staff")
LOOKED_AT = "200 200 200 200", "405 405 405 405"
OWN_RUN = "405 405 405 405", "403 302 403 302"
ANSWERS = {
    # name: what each of WHO is answered to a GET, and to a POST
    "board:home": LOOKED_AT,
    "board:board": LOOKED_AT,
    "board:figure_svg": LOOKED_AT,
    "board:figure_csv": LOOKED_AT,
    "board:figure_png": ("404 404 404 404", "405 405 405 405"),  # of cards alone
    "board:table": ("404 404 404 404", "405 405 405 405"),  # refuses words it does not know
    "board:battles": LOOKED_AT,
    "board:feed": LOOKED_AT,
    "board:embed": LOOKED_AT,
    "board:oembed": ("404 404 404 404", "405 405 405 405"),  # no page was named
    "board:badge_svg": LOOKED_AT,
    "board:badge_json": LOOKED_AT,
    "board:releases": LOOKED_AT,
    "board:release": ("302 302 302 302", "405 405 405 405"),  # words lead to the board's own page
    "board:sitemap": LOOKED_AT,
    "board:sitemap_section": LOOKED_AT,
    "board:robots": LOOKED_AT,
    "board:model": LOOKED_AT,
    "board:match": LOOKED_AT,
    "board:prompts": LOOKED_AT,
    "board:prompt_set": LOOKED_AT,
    "board:prompt": LOOKED_AT,
    "board:judges": LOOKED_AT,
    "board:judge": LOOKED_AT,
    "board:compare": LOOKED_AT,
    "board:compare_any": LOOKED_AT,
    "board:agreement": LOOKED_AT,
    "board:cases": LOOKED_AT,
    "board:figures": LOOKED_AT,
    "board:figure": LOOKED_AT,
    "board:accessibility": LOOKED_AT,
    "board:methodology": LOOKED_AT,
    "board:healthz": LOOKED_AT,
    "board:status": LOOKED_AT,
    "board:runs": LOOKED_AT,
    "board:run": LOOKED_AT,
    "board:run_progress": LOOKED_AT,
    "board:run_cancel": OWN_RUN,
    "board:run_retry": OWN_RUN,
    "board:run_budget": OWN_RUN,
    "board:run_check": OWN_RUN,
    "board:run_endpoint": OWN_RUN,
    "board:submit": ("302 200 200 200", "302 200 200 200"),  # an empty form comes back with its problems
    "board:own_run": ("302 404 404 404", "302 404 404 404"),  # of a set that is everybody's
    "board:import": ("302 200 200 200", "302 200 200 200"),  # an empty form comes back with its problems
    "board:imported": ("302 200 404 404", "302 302 404 404"),
    "board:vote": LOOKED_AT,  # guests vote too
    "board:ballot": ("404 200 404 404", "404 302 404 404"),
    "board:reasons": ("405 405 405 405", "404 404 404 404"),
    "board:undo": ("405 405 405 405", "404 404 404 404"),  # nothing was cast in these sessions
    "set_language": ("302 302 302 302", "302 302 302 302"),  # back to where one was, in that language
    "sign_in": ("200 302 302 302", "200 302 302 302"),
    "sign_out": ("405 405 405 405", "302 302 302 302"),
    "sign_up": ("200 302 302 302", "200 200 200 200"),
    "api:openapi-json": ("200 200 200 200", "200 200 200 200"),  # the same description, however it is asked for
    "api:api-root": ("404 404 404 404", "404 404 404 404"),
    "api:leaderboard": LOOKED_AT,
    "api:status": LOOKED_AT,
    "api:compare": LOOKED_AT,
    "api:judges": LOOKED_AT,
    "api:judge": LOOKED_AT,
    "api:prompt": LOOKED_AT,
}
ONLY_READ = {
    "api:leaderboard",
    "api:status",
    "api:compare",
    "api:judges",
    "api:judge",
    "api:prompt",
}  # there is no form that could be sent here
HARMLESS = {"set_language"}  # it needs no token: nobody is harmed by another language
SHOWN_AGAIN = {"sign_in", "sign_up", "api:openapi-json"}  # Django takes a PUT for an empty form here, and shows it
SENT = {
    "base_url": stage.ADDRESS,
    "key": "",
    "choice": "tie",
    "budget_usd": "5",
}  # what the forms that need something take


@pytest.fixture
def run(people) -> Run:
    prompts = stage.prompt_set(slug="everyday", size=1)
    opponent = stage.contender("Alder")
    for prompt in prompts.prompts.all():
        stage.output(opponent, prompt)
    found = submit_contender(
        owner=people["owner"],
        name="Rowan",
        base_url=stage.ADDRESS,
        model="rowan-7b",
        key="sk-canary-private",
        board=stage.board(prompts),
        prompt_sets=[prompts],
        opponents=[opponent],
        judges=[stage.judge()],
    )
    Endpoint.objects.update(usd_per_million_in=1, usd_per_million_out=2)  # or it could have no budget
    return found


@pytest.fixture
def arguments(run, people) -> dict[str, list]:
    """What each address needs to be about something that is there."""
    prompt = run.prompt_sets.get().prompts.get()
    match = stage.match(run.contenders.get(name="Alder").outputs.get(), stage.output(run.newcomer, prompt))
    lines = [b'{"prompt": "Why is the sky blue?"}']
    upload = receive_upload(owner=people["owner"], name="sky.jsonl", chunks=lines, now=timezone.now())
    voter = Voter.objects.create(name="mary", user=people["owner"])
    ballot = Ballot.objects.create(voter=voter, match=match, b_first=False)
    snapshot = Leaderboard.objects.create(board=run.board, seed=1)
    figure = Figure.objects.create(leaderboard=snapshot, name="ratings", title="Ratings", svg="<svg/>")
    by_name = {"board:match": [match.pk], "board:model": ["rowan"], "board:ballot": [ballot.token]}
    Rating.objects.create(leaderboard=snapshot, contender=run.newcomer, by=Rating.By.JUDGES)
    by_name |= {"board:table": ["everyday", "csv"], "board:sitemap_section": ["boards"]}
    by_name |= {f"board:badge_{form}": ["everyday", "rowan"] for form in ("svg", "json")}
    by_name |= {"board:release": ["everyday", snapshot.fitted_at.date()]}
    by_name |= {f"board:{name}": [figure.pk] for name in ("figure", "figure_svg", "figure_png", "figure_csv")}
    by_name |= {"board:figures": ["everyday"]}
    by_name |= {name: ["alder", "rowan"] for name in ("board:compare", "api:compare")}
    by_name |= {name: ["everyday", 1] for name in ("board:prompt", "api:prompt")}
    by_name |= {name: ["strict"] for name in ("board:judge", "api:judge")}
    return by_name | {"board:undo": [ballot.token], "board:reasons": [ballot.token], "board:imported": [upload.token]}


def named(patterns: list, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every named address with its namespace; the admin's are asked about on their own."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", pattern
        elif pattern.namespace != "admin":
            yield from named(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def url_of(name: str, run: Run, arguments: dict[str, list]) -> str:
    pattern = dict(named(get_resolver().url_patterns))[name]
    guessed = ["everyday" if parameter == "slug" else run.pk for parameter in pattern.pattern.converters]
    return reverse(name, args=arguments.get(name, guessed))


def test_every_address_is_in_the_table():
    assert set(ANSWERS) == {name for name, _ in named(get_resolver().url_patterns)}


def answered(doors: dict[str, Client], method: str, url: str) -> dict[str, str]:
    """The status for each visitor. Whoever may do most comes last: what was done would change the other answers."""
    told = {who: getattr(doors[who], method)(url, SENT).status_code for who in sorted(WHO, key="owner".__eq__)}
    return {who: str(told[who]) for who in WHO}


@pytest.fixture
def doors(door) -> dict[str, Client]:
    return {who: door(who) for who in WHO}


def test_a_look_is_answered_to_each_visitor_as_the_table_says(doors, run, arguments):
    expected = {name: dict(zip(WHO, looks.split(), strict=True)) for name, (looks, _) in ANSWERS.items()}

    assert expected == {name: answered(doors, "get", url_of(name, run, arguments)) for name in ANSWERS}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_post_is_answered_to_each_visitor_as_the_table_says(doors, run, arguments, name):
    expected = dict(zip(WHO, ANSWERS[name][1].split(), strict=True))

    assert expected == answered(doors, "post", url_of(name, run, arguments))


def test_other_methods_do_nothing(door, run, arguments):
    client, before = door("other"), _dump()

    for name in ANSWERS:
        for method in ("put", "patch", "delete"):
            told = getattr(client, method)(url_of(name, run, arguments))
            assert told.status_code in (302, 403, 404, 405) or name in SHOWN_AGAIN, f"{method} {name}"
    assert before == _dump()


def test_a_post_from_another_site_does_nothing(door, run, arguments):
    """The owner's own browser, sent here by a form elsewhere: it has the session and not the token."""
    client, before = door("owner", enforce_csrf_checks=True), _dump()

    for name in ANSWERS:
        form = SENT | {"csrfmiddlewaretoken": "x" * 64}
        told = client.post(url_of(name, run, arguments), form, headers={"Origin": "https://evil.example"})
        assert told.status_code == 403 or name in HARMLESS or (name in ONLY_READ and told.status_code == 405), name
    assert before == _dump()


def _dump() -> tuple:
    """What a request could have changed."""
    return (
        list(Run.objects.values_list()),
        list(Budget.objects.values_list()),
        list(Endpoint.objects.values_list("base_url", "key_origin", "checks__pk")),
        list(Ballot.objects.values_list("pk", "cast_at")),
        User.objects.count(),
        list(Upload.objects.values_list("pk", "imported_at")),
        PromptSet.objects.count(),
    )


@pytest.mark.parametrize("who", ["anonymous", "owner", "other"])
def test_an_endpoint_is_its_owners_business(door, run, who):
    html = door(who).get(f"/runs/{run.pk}/").content.decode()

    assert (who == "owner") == (stage.ADDRESS in html) == ("rowan-7b" in html)
    assert (who == "owner") == ("/endpoint/" in html)


def test_a_guest_of_one_session_has_no_ballot_of_another(run, arguments):
    first, second = Client(), Client()
    assert 200 == first.get("/vote/").status_code
    token = Ballot.objects.order_by("-pk").first().token
    second.get("/vote/")

    assert (200, 404, 404) == (
        first.get(f"/vote/{token}/").status_code,
        second.get(f"/vote/{token}/").status_code,
        second.post(f"/vote/{token}/", {"choice": "left"}).status_code,
    )


# --- the admin --------------------------------------------------------------------------------------------------------
def admin_urls(key: int) -> list[str]:
    """Every address of the admin, about the row of that key where it is about one."""
    return sorted({url for pattern in admin.site.get_urls() for url in _admin_urls(pattern, "/admin/", key)})


def _admin_urls(pattern: URLPattern | URLResolver, before: str, key: int) -> Iterator[str]:
    route = str(pattern.pattern)
    for part in ("<path:object_id>", "<int:key>", "<int:content_type_id>", "<id>"):
        route = route.replace(part, str(key))
    route = "auth/" if "app_label" in route else "nothing-there" if "(?P<url>" in route else route
    if isinstance(pattern, URLResolver):
        for inner in pattern.url_patterns:
            yield from _admin_urls(inner, before + route, key)
    else:
        yield before + route


def test_the_admin_shows_and_does_nothing_for_those_who_are_not_staff(door, run):
    urls = [url for url in admin_urls(run.pk) if url not in ("/admin/login/", "/admin/logout/")]
    assert len(urls) > 100
    before = _dump()

    for who in ("anonymous", "owner"):
        client = door(who)
        for url in urls:
            for method in ("get", "post"):
                answer = getattr(client, method)(url, SENT)
                assert answer.status_code in (301, 302, 403, 404, 405), f"{who} {method} {url}"
                assert "rowan-7b" not in answer.content.decode()
    assert before == _dump()


def test_the_admin_takes_no_post_from_another_site(door, run):
    client = door("staff", enforce_csrf_checks=True)

    for url in admin_urls(run.pk):
        assert 403 == client.post(url, SENT).status_code, url


def test_the_admin_has_no_page_that_fails_for_staff(door, run):
    client = door("staff")

    for url in admin_urls(run.pk):
        assert client.get(url).status_code < 500, url


# --- answers to browsers ----------------------------------------------------------------------------------------------
def test_every_page_tells_the_browser_what_it_may_do(client, run):
    for url in ("/", f"/runs/{run.pk}/", "/sign-in/", "/vote/", "/no-such-page/"):
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert ("DENY", "nosniff") == (headers["X-Frame-Options"], headers["X-Content-Type-Options"])
        assert "same-origin" == headers["Referrer-Policy"]


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "\\\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_away_after_signing_in(client, people, address):
    people["owner"].set_password("a long enough one")
    people["owner"].save()
    form = {"username": "mary", "password": "a long enough one", "next": address}

    assert "/" == client.post(f"/sign-in/?next={address}", form).url
