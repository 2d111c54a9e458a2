# Two commands do everything: `make brief` and `make test`. Both set up what they need first.
.DELETE_ON_ERROR:
SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: brief test app lab check lock clean

brief: $(READY)
	@$(BIN)/briefing build

test: $(READY) .venv/.browser
	@$(BIN)/pytest

app: $(READY)
	@$(BIN)/briefing app

lab: $(READY)
	@$(BIN)/briefing lab

check: $(READY)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# Where PYTHONDONTWRITEBYTECODE is set, uv would leave imports uncompiled: three times slower to start.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once)"
	@test -x $(BIN)/python || python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --compile-bytecode --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# Chromium for the tests of the app, from Debian's packages.
.venv/.browser: $(READY)
	@command -v chromium >/dev/null || { \
	  echo "Installing Chromium for the browser tests (once)"; \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && DEBIAN_FRONTEND=noninteractive $$sudo apt-get -qq install -y --no-install-recommends chromium >/dev/null; }
	@touch $@

lock:
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --group dev --upgrade pyproject.toml --output-file requirements.lock

clean:
	rm -rf build .venv
