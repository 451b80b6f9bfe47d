"""Sign-in and its kin, outside the `board` namespace: settings and Django itself name them bare."""

from django.urls import path

from apps.board.views.accounts import SignIn, SignOut, SignUp

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", SignOut.as_view(), name="sign_out"),
    path("sign-up/", SignUp.as_view(), name="sign_up"),
]
