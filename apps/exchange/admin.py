from django.contrib import admin

from apps.exchange.models import Upload
from judgeboard.admin import LookOnlyAdmin


@admin.register(Upload)
class UploadAdmin(LookOnlyAdmin):
    """Without its bytes, and without the token: with it, somebody else's import could be confirmed."""

    list_display = ("name", "owner", "prompt_set", "for_everybody", "created_at", "imported_at")
    list_filter = ("for_everybody", ("imported_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    exclude = ("token", "packed")
