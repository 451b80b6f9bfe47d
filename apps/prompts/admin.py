from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, ForeignKey, Max, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

import judgeboard.admin  # noqa: F401 (gives the admin its name)
from apps.prompts.forms import ConfirmForm, PromptForm, UploadForm
from apps.prompts.imports import Fate, PromptFile
from apps.prompts.messages import plain_text
from apps.prompts.models import Category, Prompt, PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set, freeze_prompt_set, make_next_version

NEW_SHOWN = 50  # of the new prompts; what is rejected or there already is shown in full


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(PromptSet)
class PromptSetAdmin(admin.ModelAdmin):
    list_display = ("title", "slug", "version", "prompts", "frozen", "licence", "private_to")
    list_filter = (("frozen_at", admin.EmptyFieldListFilter), ("private_to", admin.EmptyFieldListFilter), "slug")
    list_select_related = ("private_to",)
    search_fields = ("title", "slug")
    fields = (
        "slug",
        "version",
        "title",
        "description",
        "licence",
        "source",
        "created_at",
        "frozen_at",
        "private_to",
        "prompts",
    )
    readonly_fields = ("version", "created_at", "frozen_at", "private_to", "prompts")
    actions = ("freeze", "next_version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromptSet]:
        return super().get_queryset(request).annotate(n_prompts=Count("prompts"))

    def get_readonly_fields(self, request: HttpRequest, obj: PromptSet | None = None) -> tuple[str, ...]:
        """The slug ties the versions together, so it stays."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    @admin.display(ordering="n_prompts")
    def prompts(self, prompt_set: PromptSet) -> SafeString | str:
        if prompt_set.pk is None:
            return "Save the set first; then add prompts or import a file."
        address = reverse("admin:prompts_prompt_changelist")
        n: int = prompt_set.n_prompts  # type: ignore[attr-defined] # annotated by get_queryset
        return format_html('<a href="{}?prompt_set__id__exact={}">{}</a>', address, prompt_set.pk, n)

    @admin.display(boolean=True, ordering="frozen_at")
    def frozen(self, prompt_set: PromptSet) -> bool:
        return prompt_set.is_frozen

    # --- a frozen set is only looked at -------------------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: PromptSet | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_frozen)

    def has_delete_permission(self, request: HttpRequest, obj: PromptSet | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_frozen)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuses frozen sets among those ticked in the list, too."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        frozen = [f"{prompt_set} is frozen" for prompt_set in objs if prompt_set.is_frozen]
        return to_delete, counts, perms_needed, [*protected, *frozen]

    def save_model(self, request: HttpRequest, obj: PromptSet, form: ModelForm, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        created = create_prompt_set(**form.cleaned_data)
        obj.pk, obj.version = created.pk, created.version
        obj._state.adding = False

    # --- freeze, next version -----------------------------------------------------------------------------------------
    @admin.action(description="Freeze", permissions=["change"])
    def freeze(self, request: HttpRequest, chosen: QuerySet[PromptSet]) -> None:
        for prompt_set in chosen:
            self._freeze(request, prompt_set)

    @admin.action(description="Make next version", permissions=["add"])
    def next_version(self, request: HttpRequest, chosen: QuerySet[PromptSet]) -> None:
        for prompt_set in chosen:
            self._make_next_version(request, prompt_set)

    def _freeze(self, request: HttpRequest, prompt_set: PromptSet) -> None:
        if prompt_set.is_frozen:
            self.message_user(request, f"{prompt_set} is frozen already.", messages.WARNING)
            return
        freeze_prompt_set(prompt_set=prompt_set, now=timezone.now())
        self.log_change(request, prompt_set, "Frozen.")
        self.message_user(request, f"{prompt_set} is frozen: from here on ratings may refer to it.", messages.SUCCESS)

    def _make_next_version(self, request: HttpRequest, prompt_set: PromptSet) -> PromptSet:
        copy = make_next_version(prompt_set=prompt_set)
        self.log_addition(request, copy, f"Copied from {prompt_set}.")
        self.message_user(request, f"{copy} is an editable copy of {prompt_set}.", messages.SUCCESS)
        return copy

    # --- pages of one set ---------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        def page(way: str, view: Any) -> URLPattern:
            name = f"prompts_promptset_{way.replace('-', '_')}"
            return path(f"<int:key>/{way}/", self.admin_site.admin_view(view), name=name)

        ours = [
            page("import", self.import_page),
            page("freeze", require_POST(self.freeze_page)),
            page("next-version", require_POST(self.next_version_page)),
        ]
        return [*ours, *super().get_urls()]

    def freeze_page(self, request: HttpRequest, key: int) -> HttpResponse:
        prompt_set = self._known(request, key)
        if not super().has_change_permission(request, prompt_set):
            raise PermissionDenied
        self._freeze(request, prompt_set)
        return redirect("admin:prompts_promptset_change", key)

    def next_version_page(self, request: HttpRequest, key: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        copy = self._make_next_version(request, self._known(request, key))
        return redirect("admin:prompts_promptset_change", copy.pk)

    def import_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Upload, then a preview, then the import: each a POST of the page before, nothing stored in between."""
        prompt_set = self._known(request, key)
        if not self.has_change_permission(request, prompt_set):
            raise PermissionDenied
        if "signed" in request.POST:
            return self._import(request, prompt_set)
        form = UploadForm(request.POST or None, request.FILES or None, prompt_set=prompt_set)
        if request.method == "POST" and form.is_valid():
            assert form.found is not None
            return self._preview(request, prompt_set, form.found, form.confirmation())
        return self._import_template(request, prompt_set, form=form)

    def _preview(
        self, request: HttpRequest, prompt_set: PromptSet, found: PromptFile, form: ConfirmForm
    ) -> TemplateResponse:
        new = found.of(Fate.NEW)
        shown = [*found.of(Fate.REJECTED), *found.of(Fate.DUPLICATE), *new[:NEW_SHOWN]]
        counts = {fate: len(found.of(fate)) for fate in Fate}
        return self._import_template(
            request, prompt_set, form=form, found=found, lines=shown, counts=counts, not_shown=len(new[NEW_SHOWN:])
        )

    def _import(self, request: HttpRequest, prompt_set: PromptSet) -> HttpResponse:
        form = ConfirmForm(request.POST, prompt_set=prompt_set)
        if not form.is_valid():
            self.message_user(request, " ".join(map(str, form.errors["signed"])), messages.ERROR)
            return redirect("admin:prompts_promptset_import", prompt_set.pk)
        assert form.found is not None
        added = add_prompts(prompt_set=prompt_set, rows=form.found.rows)
        told = (
            f"{added} prompts added, {len(form.found.of(Fate.DUPLICATE))} were there already, "
            f"{len(form.found.of(Fate.REJECTED))} rejected."
        )
        self.log_change(request, prompt_set, told)
        self.message_user(request, told, messages.SUCCESS)
        return redirect("admin:prompts_promptset_change", prompt_set.pk)

    def _import_template(self, request: HttpRequest, prompt_set: PromptSet, **context: Any) -> TemplateResponse:
        context |= self.admin_site.each_context(request)
        context |= {"title": f"Import prompts into {prompt_set}", "prompt_set": prompt_set, "opts": self.opts}
        return TemplateResponse(request, "admin/prompts/promptset/import.html", context)

    def _known(self, request: HttpRequest, key: int) -> PromptSet:
        prompt_set = self.get_object(request, str(key))
        if prompt_set is None:
            raise Http404(f"There is no prompt set {key}.")
        return prompt_set


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    form = PromptForm
    list_display = ("key", "prompt_set", "category", "language", "first_turn")
    list_filter = ("prompt_set", "category", "language")
    list_select_related = ("prompt_set", "category")
    list_per_page = 50
    search_fields = ("key", "notes")
    ordering = ("prompt_set", "position", "pk")
    readonly_fields = ("as_read",)
    fields = (*PromptForm.Meta.fields, "as_read")

    @admin.display(description="begins")
    def first_turn(self, prompt: Prompt) -> SafeString:
        text = plain_text(prompt.turns[0]["content"])
        return format_html(
            '<span lang="{}" dir="auto">{}</span>', prompt.language, f"{text[:80]}{'…' * (len(text) > 80)}"
        )

    @admin.display(description="as the models read it")
    def as_read(self, prompt: Prompt) -> SafeString | str:
        if prompt.pk is None:
            return "-"
        return format_html_join(
            "",
            '<p><strong>{}</strong></p><div lang="{}" dir="auto" class="readonly">{}</div>',
            ((message["role"], prompt.language, plain_text(message["content"])) for message in prompt.messages),
        )

    # --- a frozen set's prompts are only looked at --------------------------------------------------------------------
    def has_change_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.prompt_set.is_frozen)

    def has_delete_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.prompt_set.is_frozen)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuses prompts of frozen sets among those ticked in the list, too."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        frozen = [f"{prompt} is in a frozen set" for prompt in objs if prompt.prompt_set.is_frozen]
        return to_delete, counts, perms_needed, [*protected, *frozen]

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "prompt_set":
            kwargs["queryset"] = PromptSet.objects.editable()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Prompt, form: ModelForm, change: bool) -> None:
        if not change:
            last = obj.prompt_set.prompts.aggregate(last=Max("position"))["last"] or 0
            obj.position = last + 1
        super().save_model(request, obj, form, change)
