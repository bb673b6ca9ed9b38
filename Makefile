# The two commands: `make run` and `make test`. Everything else serves them.
PYTHON ?= python3
BIN := .venv/bin
NPM := $(shell command -v npm 2>/dev/null)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test setup setup-dev check bench format clean
.DEFAULT_GOAL := run

run: setup            ## serve the demo territory on http://127.0.0.1:8000
	$(BIN)/convive serve --demo

test: setup-dev       ## every test that this machine can run; the others are skipped visibly
	$(BIN)/python -m pytest -n auto --dist loadfile

check: setup-dev      ## what CI asks: style, types, import directions, translations, migrations
	$(BIN)/python tools/check.py

bench: setup-dev      ## the figures, as ratios against a bare handler in the same run
	$(BIN)/python -m benchmarks

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: .venv/.runtime node_modules/.installed .venv/.catalogues
setup-dev: .venv/.dev setup

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

clean:
	rm -rf .venv node_modules data dist
