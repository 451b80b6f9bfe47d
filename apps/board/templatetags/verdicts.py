from django import template

from apps.board.verdict import verdict

register = template.Library()
register.filter(verdict)
