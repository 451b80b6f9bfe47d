"""Draws: frozen rows in, a declarative spec, SVG out. Knows no database and no page, and decides nothing about numbers.

One file a chart. Importing any of them costs a fifth of a second and drawing the first another half, so whoever draws
imports them when there is something to draw.
"""
