# Every target sets up what it needs, in .venv, once: the files .venv/.made, .local and .dev say how
# far that is. Versions are those of requirements/lock.txt.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/lock.txt
DEMO := demo-run
DEMO_HOME := $(DEMO)/argilla

.DEFAULT_GOAL := help
.PHONY: help demo test trainers check fix bench lock clean sound
.DELETE_ON_ERROR:

help:  ## Say what can be done.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

demo: $(VENV)/.local  ## 6 rows from the sample documents, in a running Argilla. ARGS=--fresh starts anew.
	@$(BIN)/fc-distilabel synthesize examples/docs --rows 6 --out $(DEMO) $(ARGS)
	@$(BIN)/fc-distilabel show $(DEMO) --rows 2
	@echo
	@$(BIN)/fc-distilabel argilla serve --background --home $(DEMO_HOME) --port 0
	@$(BIN)/fc-distilabel argilla push $(DEMO) --home $(DEMO_HOME) --dataset demo
	@echo
	@echo "Open the page above and log in with the name and password of $(DEMO_HOME)/credentials.json."
	@echo "All rows: $(DEMO)/rows.jsonl; measured: $(DEMO)/report.html; for TRL: $(DEMO)/train.trl.jsonl."
	@echo "What you answered, as files to train on:"
	@echo "  $(BIN)/fc-distilabel argilla pull --home $(DEMO_HOME) --dataset demo --out demo-feedback"
	@echo "Next, your own documents:"
	@echo "  $(BIN)/fc-distilabel synthesize PATH... --out my-run --rows 50"
	@echo "and a stronger model, at any OpenAI-compatible endpoint:"
	@echo "  export OPENAI_BASE_URL=https://... OPENAI_API_KEY=..."
	@echo "  $(BIN)/fc-distilabel synthesize PATH... --out my-run --rows 500 --llm openai:MODEL"

test: $(VENV)/.dev  ## Run all tests, the real model included. ARGS="-m 'not model'" leaves it out.
	@requirements/browser.sh
	$(BIN)/python -m pytest --numprocesses logical $(ARGS)

trainers: $(VENV)/.dev  ## Ask the trainers' own code to load what we write (5 environments, some 7 GB).
	$(BIN)/python tests/trainers/setup.py
	$(BIN)/python -m pytest -m trainer tests/trainers $(ARGS)

check: $(VENV)/.dev  ## Check format, lint, types and the direction of imports.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fix: $(VENV)/.dev  ## Format, and mend what the linter can.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev  ## Measure the engine, some 7 minutes, into benchmarks/results.json. ARGS=--quick only tries.
	$(BIN)/python -W ignore tests/benchmarks/engine.py \
	  $(or $(ARGS),--out benchmarks/results.json)

lock: $(VENV)/.dev  ## Take the newest allowed versions into requirements/lock.txt.
	{ echo '# `make lock` writes this file: one version of everything, for Python 3.10 and later.'; \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate \
	    --no-config --extra local --extra server --extra dev pyproject.toml; } > $(LOCK).new
	mv $(LOCK).new $(LOCK)

clean:  ## Remove .venv, caches, builds and the demo's run; its Argilla is stopped.
	@test ! -d $(DEMO_HOME) || $(BIN)/fc-distilabel argilla stop --home $(DEMO_HOME)
	rm -rf $(VENV) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	  .import_linter_cache
	find src tests pipelines -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose Python is gone or too old fails here and not in the middle of something.
sound:
	@test ! -d $(VENV) || $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$(VENV) is broken or older than Python 3.10: 'make clean', then again" >&2; exit 2; }

$(VENV)/.made: | sound
	@test -x $(BIN)/python || \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$(PYTHON) is missing or older than Python 3.10: make PYTHON=python3.12 ..." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "$(PYTHON) -m venv failed: is the package python3-venv there?" >&2; exit 2; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@touch $@

$(VENV)/.local: $(VENV)/.made pyproject.toml $(LOCK) | sound
	@requirements/install.sh local,server
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml $(LOCK) | sound
	@requirements/install.sh local,server,dev
	@touch $(VENV)/.local $@
