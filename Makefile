# The two commands: `make run` and `make test`. Everything else serves them.
PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test test-fast coverage check hooks bench soak locks format setup setup-dev clean
.DEFAULT_GOAL := run

# T=path[::name] runs that part; the whole is shared among the cores, file by file, in the order of tests/conftest.py.
T ?=
SHARED := $(if $(T),,-n auto --dist loadfile --no-loadscope-reorder)
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

help:                 ## what can be made
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: setup            ## serve the demo territory on http://127.0.0.1:8000
	$(BIN)/convive serve --demo

test: setup-dev       ## every test that this machine can run, the others skipped visibly; T=path for some
	$(BIN)/python -m pytest $(SHARED) $(T)

test-fast: setup-dev  ## the rules, engines and outputs without a database: under a minute
	$(BIN)/python -m pytest -n auto -q -m "not slow" tests/unit

coverage: setup-dev   ## which lines of kernel, matching and the features' rules the unit tests reach
	$(BIN)/python -m pytest -n auto -q -m "not slow" tests/unit --cov --cov-report=term-missing:skip-covered

check: setup-dev      ## what CI asks: style, types, import directions, translations, migrations
	$(BIN)/python tools/check.py

hooks: setup-dev      ## style and import directions before each commit, from now on
	$(BIN)/pre-commit install

bench: setup-dev      ## the figures, as ratios against a bare handler in the same run
	$(BIN)/python -m benchmarks

# Minutes each, most on a PostgreSQL server of its own; their short forms are among the tests.
soak: setup-dev       ## all writes at once for five minutes; a frozen database under load; 100,000 scans of doors that are cut off; 1,000 histories of placements, evenings and calendars
	$(BIN)/python -m tests.mixed_rush 300
	$(BIN)/python -m tests.frozen_rush 30
	$(BIN)/python -m tests.doors_apart 100000
	$(BIN)/python -m tests.histories 1000
	$(BIN)/python -m tests.evenings 1000
	CONVIVE_TEST_LIVES=1000 $(BIN)/python -m pytest -q tests/integration/features/mailing/test_calendars_end_true.py -k sqlite

format: setup-dev     ## lay out the code and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

locks: setup-dev      ## after a change of pyproject.toml: all that is installed, with hashes
	$(BIN)/uv pip compile pyproject.toml --group build $(LOCK) -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group build --group dev $(LOCK) -o requirements-dev.lock

setup: .venv/.runtime node_modules/.installed .venv/.catalogues  ## what serving needs
setup-dev: .venv/.dev setup  ## what building and testing needs

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# Locks are whole, so pip has nothing to resolve; its older versions would ask for a later `pydantic[email]`.
.venv/.runtime: requirements.lock pyproject.toml | .venv/pyvenv.cfg
	$(PIP) install --require-hashes --no-deps -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

# Without npm everything but the camera scanner and our typeface still runs.
node_modules/.installed: package-lock.json
ifdef NPM
	npm ci --ignore-scripts --silent
else
	@echo "npm was not found: the door page will offer typing and keyboard scanners, no camera"
	@mkdir -p node_modules
endif
	@touch $@

.venv/.catalogues: $(wildcard events_app/locale/*/*.po) .venv/.runtime
	$(BIN)/python tools/translations.py compile
	@touch $@

clean:                ## throw away what was made, the demo's data too
	rm -rf .venv node_modules data dist
