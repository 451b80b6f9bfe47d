"""Every page by its name. Sign-in and its kin stand outside the `board` namespace, since Django names them bare."""

from django.urls import URLPattern, URLResolver, include, path

from apps.board.views import boards, compare, figures, judges, matches, models, prompts, status

pages: list[URLPattern | URLResolver] = [
    path("", boards.home, name="home"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("figures/<int:pk>.svg", figures.svg, name="figure_svg"),
    path("figures/<int:pk>.csv", figures.csv, name="figure_csv"),
    path("models/<slug:slug>/", models.model, name="model"),
    path("compare/", compare.choose, name="compare_any"),
    path("compare/<slug:a>/<slug:b>/", compare.compare, name="compare"),
    path("b/<int:pk>/", matches.match, name="match"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("prompts/<slug:slug>/", prompts.prompt_set, name="prompt_set"),
    path("judges/", judges.judges, name="judges"),
    path("agreement/", boards.agreement, name="agreement"),
    path("methodology/", boards.methodology, name="methodology"),
    path("accessibility/", boards.accessibility, name="accessibility"),
    path("status/", status.status, name="status"),
    path("healthz", boards.healthz, name="healthz"),
    path("", include("apps.board.urls_doors")),
]

urlpatterns = [
    path("", include((pages, "board"))),
    path("", include("apps.board.urls_accounts")),
]
