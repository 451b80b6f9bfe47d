from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

urlpatterns = [
    path("admin/", admin.site.urls),
    # Without a token, so that its form may stand on pages that are kept: nobody is harmed by another language.
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("api/", include("apps.api.urls")),
    path("", include("apps.board.urls")),
]
handler400 = "judgeboard.outage.refused"
handler500 = "judgeboard.outage.broken"
