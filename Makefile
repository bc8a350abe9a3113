# Two commands do all: `make demo` and `make test`. Both install what they need: .venv here, tools in the user's cache.
SHELL := /bin/bash
PYTHON := $(or $(shell command -v python3.11),$(shell command -v python3))
BIN := .venv/bin
CASES ?= 50000

.PHONY: help demo test setup tools lint fast browser gcloud cluster apps property generate verify capstone bench lock clean

help:                 ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: tools           ## the main job: build, install, upgrade, roll back on the embedded cluster
	$(BIN)/podzol demo

test: lint fast browser  ## every check and every test
	+$(MAKE) --no-print-directory -j 2 cluster gcloud apps  # clusters wait more than they work

setup: .venv/ready node_modules/.package-lock.json  ## the Python and Node packages, from the lock files

.venv/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# npm runs under the wheel's own Node; the lock file names no host.
node_modules/.package-lock.json: package-lock.json .venv/ready
	node="$$($(BIN)/python -c 'import os, podzol; print(os.environ["JSII_NODE"])')" && \
	  PATH="$$(dirname "$$node"):$$PATH" "$$node" "$$(dirname "$$node")/../lib/node_modules/npm/bin/npm-cli.js" \
	  ci --no-audit --no-fund --loglevel=error
	touch $@

tools: setup          ## the programs of the embedded cluster: found, downloaded or built
	$(BIN)/podzol toolchain install cluster autoscaling

lint: setup           ## style, types, and the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fast: setup           ## the tests that need no cluster
	$(BIN)/podzol toolchain install helm test
	$(BIN)/pytest -q -n 2 --dist loadgroup -m "not cluster and not gcloud and not browser"

browser: setup        ## a report's page in headless Chromium, which Debian's package brings
	command -v chromium >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq --no-install-recommends chromium fonts-dejavu-core; }
	$(BIN)/pytest -q -m browser

gcloud: setup         ## the generated GKE scripts under the real gcloud, against a fake of Google's APIs
	$(BIN)/pytest -q -n 2 --dist loadgroup -m gcloud

cluster: setup        ## the tests on embedded clusters: most wait, so three files run at a time
	$(BIN)/podzol toolchain install cluster autoscaling distributed labs test
	$(BIN)/pytest -q -n 3 --dist loadfile -m cluster

apps: setup           ## the tests of the programs under apps/, each in an environment of its own
	apps/test

property: setup       ## Helm against Python over CASES random value sets
	$(BIN)/podzol toolchain install helm
	PODZOL_PROPERTY_CASES=$(CASES) $(BIN)/pytest -q -n 2 tests/template/test_property.py

generate: setup       ## write what is generated: charts/, clusters/, dist/manifests/
	$(BIN)/podzol charts build
	$(BIN)/podzol synth
	$(BIN)/podzol cluster render

verify: setup         ## fail where what is committed differs from what would be generated
	$(BIN)/podzol charts build --check
	$(BIN)/podzol charts package --check
	$(BIN)/podzol synth --check
	$(BIN)/podzol cluster render --check

capstone: tools       ## docs/capstone-report.md anew, from a real run of about ten minutes
	$(BIN)/podzol scenario run both --markdown docs/capstone-report.md

bench: setup          ## ratios against peers, into benchmarks/results.json and docs/benchmarks.md
	$(BIN)/python -m benchmarks

lock: setup           ## the lock file, from pyproject.toml
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra dev --quiet --upgrade pyproject.toml -o requirements/dev.txt

clean:
	rm -rf .venv build
