# `make up` and `make test` are the two commands a newcomer needs; `make help` lists the others.
#
# The first call makes .venv and installs exactly what requirements.lock names, from whatever package
# index pip is set up with; later calls install again only when that or pyproject.toml changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
CLI := $(BIN)/usage-warehouse
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
GRAPHIQL := graphql_api/static/graphiql/graphiql.min.js
# Runs a command against an empty Postgres that is gone afterwards; dbt compiles against a server.
THROWAWAY := $(BIN)/python -m tests.support.with_postgres
# A process for each core, each with a server of its own: tests/support/distribution.py.
PYTEST := $(BIN)/pytest --numprocesses logical --maxprocesses 8 --no-loadscope-reorder
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Programs of a virtual environment name its folder, so that of a moved or copied checkout is useless.
ifneq ($(wildcard $(INSTALLED)),)
ifneq ($(shell cat $(INSTALLED)),$(CURDIR))
$(info this checkout was moved: making $(VENV) anew)
$(shell rm -rf $(VENV))
endif
endif

# A Python that is asked for is taken or refused, also where .venv was made by another one.
ifdef PYTHON
ifneq ($(wildcard $(BIN)/python),)
NAMED := -c 'import sys; print(sys.base_prefix, sys.version)'
ASKED := $(shell $(PYTHON) $(NAMED) 2>/dev/null)
ifeq ($(ASKED),)
$(error error [PYTHON]: PYTHON=$(PYTHON) is no program that runs: name a Python 3.11, 3.12 or 3.13, \
or leave PYTHON out to keep that of $(VENV))
endif
ifneq ($(ASKED),$(shell $(BIN)/python $(NAMED) 2>/dev/null))
$(info $(VENV) was made by another Python than $(PYTHON): making it anew)
$(shell rm -rf $(VENV))
endif
endif
endif

.PHONY: help up build serve down status test test-long lint format schema graphiql lock clean
.PHONY: bench-api bench-build

help: ## Say what each command does
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

up: $(INSTALLED) $(GRAPHIQL) ## Install, start Postgres, load sample rows, build, serve until Ctrl-C
	@exec $(CLI) up

build: $(INSTALLED) $(GRAPHIQL) ## All of `up` but serving
	@exec $(CLI) build

serve: $(INSTALLED) $(GRAPHIQL) ## Serve what is published until Ctrl-C
	@exec $(CLI) serve

down: $(INSTALLED) ## Stop the embedded Postgres; its data stays
	@exec $(CLI) down

status: $(INSTALLED) ## Say what runs and what is built
	@exec $(CLI) status

lint: $(INSTALLED_DEV) ## The quick checks: style, types, dbt project
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(THROWAWAY) $(BIN)/dbt --quiet parse
	$(THROWAWAY) $(BIN)/sqlfluff lint --processes 0 --disable-progress-bar models tests/dbt

test: lint ## Every check, on a Postgres of its own that is gone afterwards
	$(PYTEST)

test-long: lint ## Every check, the random ones with many more seeds
	$(PYTEST) --long

bench-api: $(INSTALLED_DEV) ## Measure the API (ARGS="--postgraphile FOLDER" also PostGraphile), minutes
	$(BIN)/python -m bench.api $(ARGS)

bench-build: $(INSTALLED_DEV) ## Measure builds (ARGS="--sizes 1m" for less than 10 million requests), an hour
	$(BIN)/python -m bench.build $(ARGS)

format: $(INSTALLED_DEV) ## Rewrite Python in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schema: $(INSTALLED) ## Write graphql_api/schema.graphql anew from the dbt project
	$(BIN)/dbt parse --quiet
	$(BIN)/python -m graphql_api.schema.export

graphiql: $(INSTALLED) ## Fetch the scripts of the GraphiQL page
	@$(BIN)/python -m warehouse.graphiql_assets

clean: ## Remove .venv, the embedded database, and all else made here
	@if [ -x $(CLI) ]; then $(CLI) clean $(if $(YES),--yes); fi
	rm -rf $(VENV) graphql_api/static/graphiql .mypy_cache .ruff_cache .pytest_cache .hypothesis

lock: $(BIN)/python ## Choose versions anew within pyproject.toml, and write requirements.lock
	@.ci/lock $(BIN)/python

$(GRAPHIQL): | $(INSTALLED)
	@$(BIN)/python -m warehouse.graphiql_assets

$(INSTALLED): pyproject.toml requirements.lock | $(BIN)/python
	@echo "installing into $(VENV) (a minute, once)"
	@$(PIP) install -c requirements.lock setuptools wheel || $(INSTALL_FAILED)
	@$(PIP) install -c requirements.lock --no-build-isolation -e . || $(INSTALL_FAILED)
	@printf '%s\n' "$(CURDIR)" > $@

$(INSTALLED_DEV): $(INSTALLED)
	@echo "installing what the checks need into $(VENV)"
	@$(PIP) install -c requirements.lock --no-build-isolation -e '.[dev]' || $(INSTALL_FAILED)
	@touch $@

INSTALL_FAILED = { echo "error [INSTALL]: pip could not install the packages that \
requirements.lock names: it must reach a package index (see its message above)" >&2; exit 1; }

$(BIN)/python:
	@.ci/venv $(VENV) $(PYTHON)
