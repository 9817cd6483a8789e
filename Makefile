# Everything runs from .venv, which the first target that needs it builds from the lock file.
PYTHON ?= python3
BIN := .venv/bin
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: demo test check bench soak test-servers lock clean

demo: .venv/ready
	@$(BIN)/tillit demo

test: .venv/ready
	$(BIN)/pytest -n 2 --dist loadgroup

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/architecture

test-servers: .venv/ready      ## needs PostgreSQL's programs
	$(BIN)/pytest -m servers

soak: .venv/ready              ## long proofs, by hand
	$(BIN)/pytest -m soak

bench: .venv/ready
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/labelled.py
	$(BIN)/python benchmarks/redaction.py

# Wheels for Python 3.11 and newer; hashes, no index addresses.
lock:
	uv pip compile pyproject.toml --group dev --extra postgresql --generate-hashes --universal \
		--no-emit-index-url --no-emit-find-links --no-header -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tillit needs Python 3.11 or newer")'
	@echo "Building .venv from requirements.lock: about a minute, once"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
