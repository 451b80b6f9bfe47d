"""Where people come in: submit, import, runs, vote. Included into the `board` namespace by `apps.board.urls`."""

from django.urls import path

from apps.board.views import imports, runs, submit, vote

urlpatterns = [
    path("submit/", submit.submit, name="submit"),
    path("import/", imports.import_file, name="import"),
    path("import/<str:token>/", imports.imported, name="imported"),
    path("runs/", runs.runs, name="runs"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.run_progress, name="run_progress"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="run_cancel"),
    path("runs/<int:pk>/retry/", runs.retry, name="run_retry"),
    path("runs/<int:pk>/budget/", runs.budget, name="run_budget"),
    path("runs/<int:pk>/check/", runs.check_again, name="run_check"),
    path("runs/<int:pk>/endpoint/", runs.mend, name="run_endpoint"),
    path("vote/", vote.vote, name="vote"),
    path("vote/<str:token>/", vote.ballot, name="ballot"),
    path("vote/<str:token>/undo/", vote.undo, name="undo"),
    path("vote/<str:token>/reasons/", vote.reasons, name="reasons"),
]
