"""The page that takes a file: looked at first, imported when it is confirmed."""

import gzip
import json

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.contenders.models import Contender, Output
from apps.exchange.models import Upload
from apps.exchange.operations import KEPT_FOR, receive_upload
from apps.prompts.models import Prompt, PromptSet
from apps.ratings.models import Board
from tests import stage

pytestmark = pytest.mark.django_db

ROWS = [
    {"prompt": "What is the capital of France?", "model": "Yarrow", "output": "Paris."},
    {"prompt": "Name a prime above 10.", "model": "Yarrow", "output": "11"},
    {"prompt": "Name a prime above 10.", "model": "Yarrow"},
]


def lines(*rows: dict) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def file(data: bytes, name: str = "answers.jsonl") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def browser(name: str, **fields) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(name, **fields))
    return client


@pytest.fixture
def mary() -> Client:
    return browser("mary")


def test_a_look_keeps_nothing_but_the_file(mary):
    page = mary.post("/import/", {"file": file(lines(*ROWS))}, follow=True)

    html = page.content.decode()
    assert "2 rows are new; 0 were there already, 1 is rejected." in html
    assert "There is no answer: expected one of output" in html
    assert "<td>3</td>" in html
    assert "Import 2 rows" in html
    assert (0, 0, 0, 1) == tuple(model.objects.count() for model in (Prompt, Output, Board, Upload))


def test_confirmed_it_is_imported_and_shown_with_ways_to_it(mary):
    address = mary.post("/import/", {"file": file(lines(*ROWS))}).url
    html = mary.post(address, follow=True).content.decode()

    assert "2 rows were new and are kept" in html
    for link in ("/prompts/answers-u1/", "/models/yarrow/"):
        link = link.replace("u1", f"u{User.objects.get().pk}")
        assert f'href="{link}"' in html
        assert 200 == mary.get(link).status_code
        assert 404 == Client().get(link).status_code
    assert b"" == bytes(Upload.objects.get().packed)


def test_confirmed_twice_it_is_imported_once(mary):
    address = mary.post("/import/", {"file": file(lines(*ROWS))}).url
    mary.post(address)
    told = mary.post(address, follow=True).content.decode()
    assert "2 rows were new and are kept" in told
    assert 2 == Output.objects.count()


def test_the_same_file_again_has_nothing_new(mary):
    mary.post(mary.post("/import/", {"file": file(lines(*ROWS))}).url)
    html = mary.post("/import/", {"file": file(lines(*ROWS))}, follow=True).content.decode()
    assert "There is nothing new in the file" in html
    assert "Import 0" not in html


def test_two_people_bring_files_of_one_name(mary):
    for client in (mary, browser("john")):
        client.post(client.post("/import/", {"file": file(lines(*ROWS))}).url)
    assert 2 == PromptSet.objects.count() == Board.objects.count() == Contender.objects.filter(name="Yarrow").count()


def test_a_file_goes_into_a_set_of_ones_own(mary):
    mary.post(mary.post("/import/", {"file": file(lines({"key": "q1", "prompt": "Why?"}), "mine.jsonl")}).url)
    own = PromptSet.objects.get()
    answers = lines({"question_id": "q1", "model_id": "Yarrow", "choices": [{"turns": ["Because."]}]})
    mary.post(mary.post("/import/", {"file": file(answers), "prompt_set": own.slug}).url)
    assert ["Because."] == Output.objects.get(prompt__prompt_set=own).texts


def test_nobody_brings_anything_into_a_set_of_others(mary):
    stage.prompt_set()
    html = mary.post("/import/", {"file": file(lines(*ROWS)), "prompt_set": "everyday"}).content.decode()
    assert "Select a valid choice" in html
    assert not Upload.objects.exists()


def test_a_published_set_is_not_written_into_by_the_way(mary):
    mary.post(mary.post("/import/", {"file": file(lines(*ROWS))}).url)
    PromptSet.objects.update(private_to=None)
    mary.post(mary.post("/import/", {"file": file(lines({"prompt": "And this?"}))}).url)
    assert [2, 1] == [found.prompts.count() for found in PromptSet.objects.order_by("pk")]


def test_verdicts_are_refused_with_the_reason(mary):
    vote = {"question_id": 1, "model_a": "A", "model_b": "B", "judge": "expert_1", "winner": "tie", "turn": 1}
    html = mary.post("/import/", {"file": file(lines(vote))}).content.decode()
    assert "so a maintainer imports them" in html


def test_a_maintainer_imports_for_everybody():
    ada = browser("ada", is_staff=True)
    ada.post(ada.post("/import/", {"file": file(lines(*ROWS)), "for_everybody": "on"}).url)
    assert [None, None] == [PromptSet.objects.get(slug="answers").private_to, Contender.objects.get().private_to]


def test_a_maintainer_says_who_sees_it():
    ada = browser("ada", is_staff=True)
    stage.prompt_set()
    html = ada.post("/import/", {"file": file(lines(*ROWS)), "prompt_set": "everyday"}).content.decode()
    assert "Everybody sees Everyday v1; choose another, or say who shall see the file." in html


def test_a_file_that_is_not_confirmed_is_forgotten(mary, now):
    owner = User.objects.get()
    old = receive_upload(owner=owner, name="a.jsonl", chunks=[lines(*ROWS)], now=now)
    Upload.objects.update(created_at=now - 2 * KEPT_FOR)
    john = User.objects.create_user("john")
    receive_upload(owner=john, name="b.jsonl", chunks=[lines(*ROWS)], now=now)
    assert not Upload.objects.filter(pk=old.pk).exists()


def test_a_packed_file_is_unpacked(mary):
    html = mary.post("/import/", {"file": file(gzip.compress(lines(*ROWS)), "answers.jsonl.gz")}, follow=True)
    assert "2 rows are new" in html.content.decode()


def test_no_file_is_told(mary):
    assert "Choose a file first." in mary.post("/import/").content.decode()


def test_what_stands_in_a_file_is_text_on_the_page(mary):
    row = {"prompt": "Why?", "model": "<script>alert(1)</script>", "output": "x"}
    html = mary.post("/import/", {"file": file(lines(row), "<b>.jsonl")}, follow=True).content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html
