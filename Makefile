# Everything runs from .venv, which the first target that needs it builds from the lock file.
PYTHON ?= python3
BIN := .venv/bin
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: demo test check bench soak test-servers test-high-accuracy lock clean

demo: .venv/ready
	@$(BIN)/tillit demo

test: .venv/ready
	$(BIN)/pytest -n 3 --dist loadgroup  ## one more than two processors: some tests wait for a server
	@$(BIN)/tillit policy check

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/architecture

test-servers: .venv/ready      ## needs PostgreSQL's programs and 7-Zip
	$(BIN)/pytest -m servers

test-high-accuracy: .venv-high-accuracy/ready   ## the extra, in an environment of its own
	.venv-high-accuracy/bin/pytest -m high_accuracy

soak: .venv/ready              ## long proofs, by hand
	$(BIN)/pytest -m soak

bench: .venv/ready
	$(BIN)/python benchmarks/intake.py
	$(BIN)/python benchmarks/labelled.py
	$(BIN)/python benchmarks/leakcheck.py
	$(BIN)/python benchmarks/redaction.py

# Wheels for Python 3.11 and newer; hashes, no index addresses.
lock:
	uv pip compile pyproject.toml --group dev --extra postgresql --generate-hashes --universal \
		--no-emit-index-url --no-emit-find-links --no-header -o requirements.lock
	uv pip compile pyproject.toml --group dev --extra postgresql --extra high-accuracy --constraint requirements.lock \
		--generate-hashes --universal --no-emit-index-url --no-emit-find-links --no-header \
		-o requirements-high-accuracy.lock

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Tillit needs Python 3.11 or newer")'
	@echo "Building .venv from requirements.lock: about a minute, once"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

.venv-high-accuracy/ready: requirements-high-accuracy.lock pyproject.toml
	@echo "Building .venv-high-accuracy from requirements-high-accuracy.lock: about a minute, once"
	@$(PYTHON) -m venv .venv-high-accuracy
	@.venv-high-accuracy/bin/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements-high-accuracy.lock
	@.venv-high-accuracy/bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

clean:
	rm -rf .venv .venv-high-accuracy .mypy_cache .pytest_cache .ruff_cache .hypothesis
