"""A file from a browser: bounded, previewed by a dry run, kept until it is confirmed, imported once."""

import gzip
import re
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from apps.exchange.files import rows
from apps.exchange.importing import Import, import_files
from apps.exchange.models import Upload
from apps.exchange.owning import own_slug

MOST_BYTES = 16 * 2**20  # unpacked
MOST_ROWS, MOST_LINES = 10_000, 100_000
KEPT_FOR = timedelta(days=1)  # until it is confirmed
NO_TEXT = {  # beginnings of files that hold rows in a form that is not read
    b"PK\x03\x04": "This is a ZIP archive or a spreadsheet; upload the file inside it, or save the sheet as CSV.",
    b"PAR1": "This is a Parquet file; save it as JSON lines or CSV.",
    b"%PDF": "This is a PDF; expected JSON lines, a JSON array or CSV.",
}


class RefusedUpload(ValueError):
    """Says in one sentence why nothing of the file is read."""


def receive_upload(
    *, owner: User, name: str, chunks: Iterable[bytes], now: datetime, prompt_set: str = "", for_everybody: bool = False
) -> Upload:
    """Keeps the file with what its import would do. Raises RefusedUpload.

    Whoever brings another file has done with the one before.
    """
    data = _unpacked(_bounded(chunks))
    upload = Upload(owner=owner, name=_file_name(name, data), prompt_set=prompt_set, for_everybody=for_everybody)
    upload.report = _imported(upload, data, now, dry_run=True)
    if reason := upload.report["files"][0]["left_alone"]:
        raise RefusedUpload(reason)
    upload.packed = gzip.compress(data, mtime=0)
    Upload.objects.filter(imported_at=None, created_at__lt=now - KEPT_FOR).delete()
    Upload.objects.filter(imported_at=None, owner=owner).delete()
    upload.save()
    return upload


@transaction.atomic
def import_upload(*, upload: Upload, now: datetime) -> Upload:
    """All of it or, if that breaks, nothing; asked twice, once."""
    held = Upload.objects.select_for_update().get(pk=upload.pk)
    if held.imported_at is None:
        held.report = _imported(held, gzip.decompress(held.packed), now, dry_run=False)
        held.imported_at, held.packed = now, b""
        held.save()
    return held


def _imported(upload: Upload, data: bytes, now: datetime, *, dry_run: bool) -> dict[str, Any]:
    """What became, or would become, of the file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / upload.name
        path.write_bytes(data)
        _check_rows(path)
        own = "" if upload.for_everybody else own_slug(path, upload.owner)
        wanted = Import(
            now=now,
            prompt_set=upload.prompt_set or own,
            private_to=None if upload.for_everybody else upload.owner,
        )
        report = import_files([path], wanted, dry_run=dry_run).as_dict()
    for file in report["files"]:
        file["path"] = upload.name
    return report


def _check_rows(path: Path) -> None:
    """Counted before any is looked into: the whole file is refused, not what stands behind some line."""
    found = rows(path, reject=lambda line, reason: None)
    if sum(1 for _ in islice(found, MOST_ROWS + 1)) > MOST_ROWS:
        raise RefusedUpload(f"The file has more than {MOST_ROWS:,} rows; split it.")


def _bounded(chunks: Iterable[bytes]) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        _check_size(len(data))
    if not data.strip():
        raise RefusedUpload("The file is empty.")
    if (lines := data.count(b"\n")) > MOST_LINES:
        raise RefusedUpload(f"The file has {lines:,} lines; at most {MOST_LINES:,} are read at once. Split it.")
    return bytes(data)


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise RefusedUpload(f"The file is larger than {MOST_BYTES // 2**20} MiB; split it.")


def _unpacked(data: bytes) -> bytes:
    """Of a .gz what is in it, no more than may be."""
    if data.startswith(b"\x1f\x8b"):
        try:
            unpacked = gzip.GzipFile(fileobj=BytesIO(data)).read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as problem:
            raise RefusedUpload(f"The .gz cannot be unpacked: {str(problem).rstrip('.')}.") from None
        _check_size(len(unpacked))
        return _bounded([unpacked])
    for beginning, sentence in NO_TEXT.items():
        if data.startswith(beginning):
            raise RefusedUpload(sentence)
    if b"\0" in data[:4096]:
        raise RefusedUpload("This is no text file in UTF-8; expected JSON lines, a JSON array or CSV.")
    return data


def _file_name(name: str, data: bytes) -> str:
    """A plain name that ends by what the file holds, whatever it was called."""
    stem = re.sub(r"[^\w\- ]+", "-", PurePath(name.replace("\\", "/")).name.split(".")[0])[:100].strip("-") or "upload"
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return stem + {b"{": ".jsonl", b"[": ".json"}.get(start, ".csv")
