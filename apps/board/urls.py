"""Every page by its name. Sign-in and its kin stand outside the `board` namespace, since Django names them bare."""

from django.urls import URLPattern, URLResolver, include, path

from apps.board.views import (
    boards,
    cases,
    compare,
    figures,
    judges,
    matches,
    models,
    own_runs,
    prompts,
    releases,
    status,
)

pages: list[URLPattern | URLResolver] = [
    path("", boards.home, name="home"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("boards/<slug:slug>/figures/", boards.figures, name="figures"),
    path("figures/<int:pk>/", figures.figure, name="figure"),
    path("figures/<int:pk>.svg", figures.svg, name="figure_svg"),
    path("figures/<int:pk>.png", figures.png, name="figure_png"),
    path("figures/<int:pk>.csv", figures.csv, name="figure_csv"),
    path("models/<slug:slug>/", models.model, name="model"),
    path("compare/", compare.choose, name="compare_any"),
    path("compare/<slug:a>/<slug:b>/", compare.compare, name="compare"),
    path("b/<int:pk>/", matches.match, name="match"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/<slug:slug>/", prompts.prompt_set, name="prompt_set"),
    path("prompts/<slug:slug>/run/", own_runs.own_run, name="own_run"),
    path("prompts/<slug:slug>/<int:n>/", prompts.prompt, name="prompt"),
    path("judges/", judges.judges, name="judges"),
    path("judges/<str:key>/", judges.judge, name="judge"),
    path("agreement/cases/", cases.cases, name="cases"),
    path("agreement/", boards.agreement, name="agreement"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:slug>/<str:day>/", releases.release, name="release"),
    path("methodology/", boards.methodology, name="methodology"),
    path("accessibility/", boards.accessibility, name="accessibility"),
    path("status/", status.status, name="status"),
    path("healthz", boards.healthz, name="healthz"),
    path("", include("apps.board.urls_share")),
    path("", include("apps.board.urls_doors")),
]

urlpatterns = [
    path("", include((pages, "board"))),
    path("", include("apps.board.urls_accounts")),
]
