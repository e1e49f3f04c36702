# The two commands that matter: `make crawl` and `make test`. Both work in a fresh clone.
PYTHON ?= python3
BIN := .venv/bin
# What to crawl: nothing for the demo site, or names from `scrapy list`, e.g. SITES="people_gongyi mca"
SITES ?=
# How many test files run at a time: most of their time they wait for programs that they start.
JOBS ?= 3

.PHONY: help setup crawl test lint types imports sites check bench lock clean

help: ## show these lines
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(BIN)/.ready ## make .venv from the lock file

$(BIN)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up .venv (once; about a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

crawl: setup ## crawl the demo site, or live sites with SITES="a b", into data/news.db
	@$(BIN)/scrapy crawlall $(if $(SITES),$(SITES),--demo)

test: setup ## run every test, several files at a time (JOBS=0: one after the other)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

lint: setup ## check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## check types
	@$(BIN)/mypy

imports: setup ## check that imports go one way
	@$(BIN)/lint-imports

sites: setup ## check every site file
	@$(BIN)/scrapy sites --check

check: lint types imports sites ## all checks but the tests

bench: setup ## pages a second and memory, against bare Scrapy
	@$(BIN)/python -m benchmarks.crawl

lock: ## make requirements.lock again from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url \
		--no-header --upgrade pyproject.toml -o requirements.lock

clean: ## remove what was made, but not data/
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
