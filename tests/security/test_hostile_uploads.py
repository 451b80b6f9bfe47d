"""S13: hostile uploads are refused, or their rows are, within two seconds and with a clear sentence."""

import gzip
import io
import json
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.contenders.models import Output
from apps.exchange.operations import MOST_BYTES, MOST_LINES
from apps.prompts.models import Prompt

pytestmark = pytest.mark.django_db

PATIENCE = 2.0  # seconds of work; by the clock on the wall the neighbours would be measured too
PROMPT = b'{"prompt": "Why?", "model": "Yarrow", "output": "Because."}\n'


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", b"0" * 10**6)
    return out.getvalue()


def deep(levels: int) -> bytes:
    return b'{"prompt": "Why?", "model": "Y", "output": "x", "more": ' + b"[" * levels + b"]" * levels + b"}"


HOSTILE = {
    # what it is: the bytes, its name, what the page says
    "larger than may be": (PROMPT * (MOST_BYTES // len(PROMPT) + 2), "a.jsonl", "larger than 16 MiB; split it"),
    "a bomb in .gz": (gzip.compress(b"0" * 10**8, 9), "a.gz", "larger than 16 MiB"),
    "a torn .gz": (gzip.compress(PROMPT * 1000)[:40] + b"\xff" * 40, "a.gz", "cannot be unpacked"),
    "an archive": (zipped(), "a.jsonl", "This is a ZIP archive or a spreadsheet"),
    "Parquet": (b"PAR1" + b"\0" * 100, "a.parquet", "This is a Parquet file; save it as JSON lines or CSV."),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.csv", "no text file in UTF-8"),
    "nothing": (b" \n \n", "a.jsonl", "The file is empty."),
    "too many lines": (PROMPT + b"{}\n" * (MOST_LINES + 10), "a.jsonl", "at most 100,000 are read at once. Split it."),
    "too many rows": (PROMPT * 12_000, "a.jsonl", "more than 10,000 rows; split it"),
    "nested 65 deep": (PROMPT + deep(65), "a.jsonl", "nested more than 64 deep"),
    "nested 100,000 deep": (PROMPT + deep(100_000), "a.jsonl", "The line is not JSON"),
    "an array 100,000 deep": (b"[" * 100_000, "a.json", "neither JSON lines, a JSON array of objects nor a CSV"),
    "one line without an end": (b'{"prompt": "' + b"a" * (8 * 2**20), "a.jsonl", "neither JSON lines"),
    "torn quotes": (b'prompt,model,output\n"Why?,Y,' + b"x\n" * 1000, "a.csv", "A CSV is read if"),
    "NUL characters": (PROMPT + b'{"prompt": "a\\u0000b", "model": "Y", "output": "x"}', "a.jsonl", "NUL character"),
    "half characters": (
        PROMPT + b'{"prompt": "\\ud800", "model": "Y", "output": "x"}',
        "a.jsonl",
        "half of a surrogate",
    ),
    "Latin-1": (PROMPT + '{"prompt": "café", "model": "Y", "output": "x"}'.encode("latin-1"), "a.jsonl", "not UTF-8"),
    "numbers that are none": (PROMPT + b'{"prompt": "a", "model": "Y", "output": NaN}', "a.jsonl", "output is no text"),
    "a huge whole number": (PROMPT + b'{"prompt": "a", "key": ' + b"9" * 10_000 + b"}", "a.jsonl", "not JSON"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "a.jsonl", "A CSV is read if"),
    "a name that climbs": (PROMPT, "../../../../etc/passwd", "1 row is new"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_upload_is_refused_at_once_with_a_sentence(door, what):
    data, name, sentence = HOSTILE[what]
    client = door("owner")

    began = time.process_time()
    answer = client.post("/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)
    took = time.process_time() - began

    told = re.sub(r"\s+", " ", answer.content.decode())
    assert 200 == answer.status_code
    assert sentence in told
    assert (0, 0) == (Prompt.objects.count(), Output.objects.count())
    assert took <= PATIENCE


def test_a_body_without_a_session_is_not_even_read(door):
    class Endless(io.RawIOBase):
        def read(self, *_: object) -> bytes:
            raise AssertionError("somebody reads what a stranger sends")

    answer = door("anonymous").generic(
        "POST", "/import/", b"x", content_type="multipart/form-data; boundary=b", **{"wsgi.input": Endless()}
    )
    assert "/sign-in/?next=/import/" == answer.url


def test_deep_rows_of_prompts_are_refused_too(door):
    data = json.dumps({"prompt": "Why?"}).encode() + b"\n" + deep(70)
    html = door("owner").post("/import/", {"file": SimpleUploadedFile("p.jsonl", data)}, follow=True).content.decode()
    assert "nested more than 64 deep" in html
