"""A file is brought in two steps: a look at what its import would do, and the import."""

from django.contrib.auth.decorators import login_required
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from apps.board.import_form import Bounded, ImportForm
from apps.board.views.submit import SignedIn
from apps.contenders.models import Contender
from apps.exchange.models import Upload
from apps.exchange.operations import import_upload
from apps.prompts.queries import prompt_set

NAMED = 20  # models, with a link each


@never_cache
@csrf_exempt  # the token stands in the body, which is not read before it is bounded; it is asked for right behind
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SignedIn) -> HttpResponse:
    bounded = Bounded(request)
    request.upload_handlers = [bounded, TemporaryFileUploadHandler(request)]
    return _import_file(request, bounded)


@csrf_protect
def _import_file(request: SignedIn, bounded: Bounded) -> HttpResponse:
    if request.method != "POST":
        form = ImportForm(user=request.user, initial={"prompt_set": request.GET.get("prompt_set", "")})
        return render(request, "board/import.html", {"form": form})
    data, files = request.POST, request.FILES
    form = ImportForm(data, files, user=request.user, too_large=bounded.exceeded)
    if form.is_valid() and form.upload:
        return redirect("board:imported", form.upload.token)
    return render(request, "board/import.html", {"form": form})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imported(request: SignedIn, token: str) -> HttpResponse:
    """GET: what the import would do, or has done. POST: does it."""
    upload = get_object_or_404(Upload, token=token, owner=request.user)
    if request.method == "POST":
        import_upload(upload=upload, now=timezone.now())
        return redirect("board:imported", token)
    return render(request, "board/imported.html", _told(request, upload))


def _told(request: SignedIn, upload: Upload) -> dict[str, object]:
    report = upload.report
    file = report["files"][0]
    return {
        "upload": upload,
        "report": report,
        "file": file,
        "unlisted": file["rejected"] - len(file["problems"]),
        "prompt_set": prompt_set(report["prompt_set_slug"], viewer=request.user) if upload.imported_at else None,
        "models": _models(request, upload, file["models"]),
    }


def _models(request: HttpRequest, upload: Upload, names: dict[str, int]) -> list[tuple[str, int, str]]:
    """Name, new answers, and the slug of its page once it has one."""
    whose = None if upload.for_everybody else upload.owner
    known = Contender.objects.filter(name__in=names, private_to=whose) if upload.imported_at else ()
    slugs = {found.name: found.slug for found in known}
    return [(name, n, slugs.get(name, "")) for name, n in sorted(names.items())[:NAMED]]
