"""Models as points of a plane: filled where something sets them apart, hollow elsewhere, named where there is room."""

import altair as alt

from judgeboard.charts.theme import ACCENT, DOT, SURFACE, Layers

MOST_NAMES = 24


def dots(x: alt.X, y: alt.Y, state: str, *, filled: str, hollow: str) -> alt.Chart:
    """Of the data "models", whose column `state` says one of the two words of the legend."""
    legend = alt.Legend(orient="top", title=None, direction="horizontal", symbolSize=DOT, symbolStrokeColor=ACCENT)
    scale = alt.Scale(domain=[filled, hollow], range=[ACCENT, SURFACE])
    marks = alt.Chart(alt.NamedData("models")).mark_point(shape="circle", size=DOT, strokeWidth=2, stroke=ACCENT)
    placed: alt.Chart = marks.encode(
        x=x, y=y, fill=alt.Fill(f"{state}:N", scale=scale, legend=legend), href="href:N", description="told:N"
    )
    return placed


def words(x: alt.X, y: alt.Y) -> Layers:
    """Of the data "names": labels as `labels` places them."""
    names = alt.Chart(alt.NamedData("names")).encode(x=x, y=y, text="name:N")
    yield names.transform_filter("datum.before").mark_text(align="right", aria=False)
    yield names.transform_filter("!datum.before").mark_text(align="left", aria=False)
