# Two commands do all: `make demo` and `make test`. Both install what they need, in .venv and the toolchain's cache.
SHELL := /bin/bash
PYTHON ?= python3.11
BIN := .venv/bin
CASES ?= 50000

.PHONY: test fast demo verify lint lock setup property bench clean

test: lint fast           ## every check and every test
	$(BIN)/pytest -q

setup: .venv/ready        ## the Python environment, from the lock file

.venv/ready: requirements/dev.txt pyproject.toml
	$(or $(shell command -v $(PYTHON)),python3) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lint: setup               ## style, types, and the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fast: setup               ## the tests that need no cluster
	$(BIN)/pytest -q -n auto -m "not cluster"

lock:                     ## the lock file, from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra dev --quiet --upgrade pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv build
