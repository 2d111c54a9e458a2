# Two commands do everything: `make brief` and `make test`. Both set up what they need first.
.DELETE_ON_ERROR:
SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export DEBIAN_FRONTEND := noninteractive
# Where it is set, each process of a test run would translate all modules and tests anew: eight seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: brief test quick mutants bench app lab check lock clean

brief: $(READY)
	@$(BIN)/briefing build

test: $(READY) .venv/.browser .venv/.engine
	@$(BIN)/pytest

# A verdict within a minute on two cores, without browser, database or kernels; it says what it left out.
quick: $(READY)
	@$(BIN)/pytest -q -m "not (browser or database or kernels or long)"

# A hundred single changes to the code, and which of them no test notices; `.venv/bin/python -m tests.mutants --help`.
mutants: $(READY)
	@$(BIN)/python -m tests.mutants

# About an hour on two quiet cores, most of it stock Voila's; `.venv/bin/python -m tests.bench --help` measures parts.
# The first run makes an environment for Streamlit, Panel and stock Voila in build/bench.
bench: $(READY) .venv/.browser
	@$(BIN)/python -m tests.bench

app: $(READY)
	@$(BIN)/briefing app

lab: $(READY)
	@$(BIN)/briefing lab

check: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once)"
	@test -x $(BIN)/python || python3 -m venv .venv 2>/dev/null || { \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y python3-venv >/dev/null && python3 -m venv --clear .venv; }
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c "from briefing.kernels import installed; installed()"
	@touch $@

# Chromium for the tests of the app, and a library that its driver (Playwright) needs, from Debian's packages.
.venv/.browser: $(READY)
	@{ command -v chromium && ldconfig -p | grep libatomic.so.1; } >/dev/null || { \
	  echo "Installing Chromium for the browser tests (once)"; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y --no-install-recommends chromium libatomic1 >/dev/null; }
	@touch $@

# PostgreSQL for the tests that ask the record in another engine; its programs alone, no server is started for good.
.venv/.engine: $(READY)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  echo "Installing PostgreSQL for the store's tests (once)"; \
	  $(SUDO) mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" | $(SUDO) tee /etc/postgresql-common/createcluster.conf >/dev/null; \
	  $(SUDO) apt-get -qq update && $(SUDO) apt-get -qq install -y --no-install-recommends postgresql >/dev/null; }
	@touch $@

lock:
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --group dev --upgrade pyproject.toml --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --constraints requirements.lock --upgrade tests/bench/requirements.in --output-file tests/bench/requirements.txt

clean:
	rm -rf build .venv
