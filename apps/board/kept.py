"""Pages kept as they were made, for as long as what they show is the same; and not sent again to whoever has them.

A page is made for a stranger and kept compressed; the corner that shows who is signed in is put in when it is sent. So
nothing of a visitor can get into what others are sent.

The length of a compressed answer can betray a secret that stands beside words of an attacker (BREACH). What is kept
here holds no secret. To other answers Django's GZipMiddleware adds random bytes, and the only secret in them, the CSRF
token, is masked anew each time.
"""

import copy
import gzip
import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage import default_storage
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from apps.board.stamp import FRESH, stamp
from apps.ratings.models import Board

CORNER = b"<!--account-->", b"<!--/account-->"

View = Callable[..., HttpResponse]


def kept(view: View) -> View:
    """Of a page without forms that need a token: once for each language, so key and ETag hold it.

    With messages to be shown it is made for the visitor alone.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if CookieStorage.cookie_name in request.COOKIES or _asks_for_own_board(request):
            return view(request, *args, **kwargs)
        page = _digest(stamp(), get_language() or "", request.build_absolute_uri())
        etag = f'W/"{_digest(page, request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            return _marked(unchanged, etag)
        packed = cache.get(page)
        if packed is None:
            made = view(_as_stranger(request), *args, **kwargs)
            if made.status_code != 200 or made.has_header("Cache-Control"):  # it will be another in a moment
                return view(request, *args, **kwargs)
            packed = gzip.compress(made.content, mtime=0)
            cache.set(page, packed, FRESH)
        return _marked(_sent(request, packed), etag)

    return answer


def _asks_for_own_board(request: HttpRequest) -> bool:
    """By a word of the address. A private board named by the path is missing for a stranger, and so never kept."""
    slug = request.GET.get("board")
    if not slug or settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return False
    return Board.objects.filter(slug=slug, private_to=request.user).exists()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _as_stranger(request: HttpRequest) -> HttpRequest:
    stranger = copy.copy(request)
    stranger.COOKIES = {}
    stranger.user = AnonymousUser()
    stranger._messages = default_storage(stranger)  # type: ignore[attr-defined] # as the middleware of messages sets it
    return stranger


def _sent(request: HttpRequest, packed: bytes) -> HttpResponse:
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return HttpResponse(_with_account(request, gzip.decompress(packed)))
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(packed, headers={"Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(packed))


def _with_account(request: HttpRequest, page: bytes) -> bytes:
    start, end = CORNER
    before, _, rest = page.partition(start)
    corner = loader.render_to_string("components/_account.html", request=request).encode()
    return before + corner + rest.partition(end)[2]


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    """To be asked about each time, which costs next to nothing."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response
