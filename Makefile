# Each target sets up .venv by itself; a second run finds it done.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo try-slack test check slow e2e bench constraints clean

help:  ## what can be done here
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

$(READY): pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r .ci/constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

demo: $(READY)  ## index seeds/ and answer four questions, with citations
	@$(BIN)/python tests/e2e/demo.py

try-slack: $(READY)  ## a Slack workspace on this machine, in your browser, with the bot in it
	@PYTHONPATH=tests/peers $(BIN)/python tests/e2e/try_slack.py

test: $(READY)  ## the tests, in under three minutes
	$(BIN)/pytest -q -n auto --dist loadscope

check: $(READY)  ## style, types, layers and the README's tables
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

slow: $(READY)  ## kills, damage and whole runs: minutes
	$(BIN)/pytest -q -m slow --timeout=1800

e2e: $(READY)  ## the command from end to end
	$(BIN)/pytest -q -m e2e tests/e2e

bench: $(READY)  ## the README's figures, beside stock llama-index
	$(BIN)/python tests/benchmarks/run.py

constraints: $(READY)  ## pin what pyproject.toml asks for, with hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --no-emit-find-links --output-file .ci/constraints.txt pyproject.toml

clean:  ## forget the environment
	rm -rf .venv
