# Checking and changing are different targets; `check` is all that CI does and changes nothing.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo check quick fix lint types imports smoke test bench

demo: .venv/installed           ## the main job: a sample office's year, from register to annual table
	$(BIN)/requestflow demo

check: lint types imports smoke test   ## everything; ends with pytest's closing line

quick: .venv/dev                ## seconds: the rules alone
	$(BIN)/pytest -q tests/domain tests/walks tests/definitions tests/architecture

fix: .venv/dev                  ## the only target that changes files
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m requestflow.definitions > workflows/workflow.schema.json
	$(BIN)/python docs/generate.py

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev
	$(BIN)/mypy

imports: .venv/dev
	$(BIN)/lint-imports

smoke: .venv/dev                ## the wheel alone, without the tools of development, from another folder
	@set -e; T=$$(mktemp -d); trap 'rm -rf "$$T"' EXIT; \
	  $(BIN)/python -m build -q --wheel -o "$$T"; \
	  $(PYTHON) -m venv "$$T/v"; "$$T/v/bin/pip" -q --disable-pip-version-check install "$$T"/*.whl; cd "$$T"; \
	  "$$T/v/bin/requestflow" --help >/dev/null; "$$T/v/bin/requestflow" --lang en --help >/dev/null; \
	  "$$T/v/bin/requestflow" workflow check >/dev/null; \
	  "$$T/v/bin/requestflow" demo "$$T/office" >/dev/null; echo "wheel: ok"

test: .venv/dev .venv/tools
	$(BIN)/pytest -q

bench: .venv/dev                ## speed, as ratios against a named baseline in the same run
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/owing.py

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/pip
	$(BIN)/pip -q --disable-pip-version-check install -e .
	touch $@

# What tests open documents with: a browser, an office program, fonts. Installed where that is a matter of course
# (root on Debian); elsewhere the tests that need them are skipped and say what is missing.
TOOLS := chromium chromium-driver libreoffice-writer-nogui poppler-utils fonts-noto-cjk
.venv/tools: Makefile | .venv/bin/pip
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  missing=$$(for p in $(TOOLS); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
	  [ -z "$$missing" ] || { apt-get -qq update \
	    && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends $$missing >/dev/null; }; \
	fi
	touch $@

.venv/dev: pyproject.toml | .venv/bin/pip
	$(BIN)/pip -q --disable-pip-version-check install -e '.[dev]'
	touch .venv/installed $@
