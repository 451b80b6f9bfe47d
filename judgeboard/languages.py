"""Which language a visitor reads: the one they chose (a cookie), else the one their browser asks for, else English.

What programs read is English for everybody: the API, files, feeds, badges, frames on other people's pages.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

FOR_PROGRAMS = "en"
ELSEWHERE = ("/api/", "/embed/")  # read by programs, and on other people's pages


class LanguageMiddleware(LocaleMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        if is_page(request.path):
            super().process_request(request)
        else:
            translation.activate(FOR_PROGRAMS)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not is_page(request.path):
            response.headers.setdefault("Content-Language", FOR_PROGRAMS)
            return response
        patch_vary_headers(response, ("Cookie",))  # Django names Accept-Language alone
        return super().process_response(request, response)


def is_page(path: str) -> bool:
    """Addresses of pages end with a slash, those of files and data do not."""
    return path.endswith("/") and not path.startswith(ELSEWHERE)
