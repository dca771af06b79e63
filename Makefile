# Two verbs for everybody: `make chat` and `make test`. The others serve them.
PYTHON ?= python3
BIN := .venv/bin
RUN := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet

SPECS_VARIABLE := $(if $(SPECS),ROADMAP_BOT_SPECS=$(abspath $(SPECS)))

.PHONY: chat setup setup-dev test test-long bench gallery lock docs format clean

chat: setup
	@$(BIN)/roadmap-bot build --quiet
	@$(BIN)/roadmap-bot chat

setup: .venv/.ready

setup-dev: .venv/.ready-dev

.venv/.ready: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "roadmap-bot needs Python 3.11 or newer; run `make PYTHON=python3.12 …` with one you have.")'
	@test -x $(BIN)/python || { echo "Setting up .venv (once, about a minute) …" >&2; $(PYTHON) -m venv .venv; }
	@$(RUN) install --require-hashes --requirement requirements/run.txt
	@$(RUN) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.ready-dev: .venv/.ready requirements/dev.txt
	@$(RUN) install --require-hashes --requirement requirements/dev.txt
	@touch $@

# With SPECS=DIR every request of every scenario is checked against the platforms' published descriptions in DIR as well;
# docs/testing.md tells where anyone gets them.
test: setup-dev
	@$(SPECS_VARIABLE) $(BIN)/python tests/check.py

test-long: setup-dev
	@$(SPECS_VARIABLE) $(BIN)/python tests/check.py --long

bench: setup-dev
	@$(BIN)/python -m tests.bench $(if $(LARGE),--large)
	@$(BIN)/python -m tests.bench.platforms

# Renews both requirement files from pyproject.toml: the newest versions, with hashes, for every system and Python.
COMPILE = .venv-lock/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade \
	--quiet --no-annotate --custom-compile-command 'make lock'
lock:
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip --quiet install uv; }
	@$(COMPILE) --group build --output-file requirements/run.txt
	@$(COMPILE) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt

# Pictures of what people see on each platform, in build/gallery; needs a Chromium.
gallery: setup-dev
	@$(BIN)/python -m tests.gallery

docs: setup-dev
	@$(BIN)/python -m tests.generated

format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .venv-lock build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
