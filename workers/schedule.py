"""What beat rings: one tick a second. A tick that comes late is worth nothing, so it expires."""

BEAT_SCHEDULE = {"tick": {"task": "tick", "schedule": 1.0, "options": {"expires": 2.0}}}
