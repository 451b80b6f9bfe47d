"""judgeboard: language models ranked by strong judge models, beside human ratings."""

__version__ = "0.1.0"
