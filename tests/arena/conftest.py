from hypothesis import settings

# Hypothesis fails an example that takes longer than 200 ms; on a busy machine that says nothing about the arena.
settings.register_profile("arena", deadline=None)
settings.load_profile("arena")
