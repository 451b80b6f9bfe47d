from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("apps.api.urls")),
    path("", include("apps.board.urls")),
]
handler400 = "judgeboard.outage.refused"
handler500 = "judgeboard.outage.broken"
