from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView, RedirectURLMixin
from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.generic import CreateView

from apps.board.forms import SignUpForm


class SignIn(LoginView):
    template_name = "registration/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """By POST only: a link on another site must not sign anybody out."""


class SignUp(RedirectURLMixin, CreateView):
    """Makes an account and signs it in; goes on to `next` if that is on this site."""

    form_class = SignUpForm
    template_name = "registration/sign_up.html"

    def get(self, request, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: ModelForm) -> HttpResponse:
        login(self.request, form.save())
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs) -> dict[str, object]:
        return super().get_context_data(**kwargs) | {"next": self.get_redirect_url()}

    def get_success_url(self) -> str:
        return self.get_redirect_url() or reverse("board:home")
