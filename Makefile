# Skriv "make" för att se vad som finns. Allt görs i .venv; inget utanför katalogen ändras.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)))
HOST ?= 127.0.0.1
PORT ?= 5000

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUN := $(VENV)/.run
ALL := $(VENV)/.all
ENGINES := assessment payments
CODE := assessment lovdv payments tests

.DEFAULT_GOAL := help
.PHONY: help venv demo quick test lint format shots bench prove wheel locks clean

help: ## Visa den här listan
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

venv: $(ALL) ## Gör utvecklingsmiljön i .venv

demo: $(RUN) ## Starta demokommunen på http://127.0.0.1:5000
	@$(BIN)/lovdv demo
	@exec $(BIN)/lovdv run --host $(HOST) --port $(PORT)

quick: $(ALL) ## Motorerna och husets regler, under en minut
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/python -m pytest -q -n auto --dist loadfile tests/engines tests/house \
		-m "not slow and not browser and not postgresql"

test: $(ALL) lint ## Alla test, precis som i CI
	@$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

lint: $(ALL) ## Granska kod, typer, sidmallar och beroenderiktning
	@$(BIN)/ruff check --quiet $(CODE)
	@$(BIN)/ruff format --quiet --check $(CODE)
	@$(BIN)/mypy --no-error-summary $(ENGINES)
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/lint-imports --config setup.cfg --no-logo >/dev/null || \
		$(BIN)/lint-imports --config setup.cfg --no-logo

format: $(ALL) ## Formatera koden
	@$(BIN)/ruff check --quiet --fix-only $(CODE)
	@$(BIN)/ruff format --quiet $(CODE)

shots: $(ALL) ## Bilder av varje sida och roll i shots/
	@$(BIN)/python -m tests.browser.shots

bench: $(ALL) ## Mät en månad för 400, 5 000 och 40 000 personer
	@$(BIN)/python -m tests.bench

prove: $(ALL) ## Alla egenskapstest i full mängd, med bevis i docs/evidence/
	@$(BIN)/python -m tests.prove

wheel: $(ALL) ## Bygg, installera utanför katalogen och öppna en sida
	@$(BIN)/python -m tests.wheel

locks: ## Lås om alla versioner (kräver uv)
	uv pip compile setup.cfg --all-extras --universal --python-version 3.11 \
		--generate-hashes --no-emit-find-links --no-annotate --no-header --quiet \
		--upgrade --output-file .ci/locks/all.txt
	uv pip compile setup.cfg --extra build --extra postgres --universal \
		--python-version 3.11 --generate-hashes --no-emit-find-links --no-annotate \
		--no-header --quiet --constraint .ci/locks/all.txt \
		--output-file .ci/locks/run.txt

clean: ## Ta bort allt som byggts (instance/ lämnas)
	rm -rf $(VENV) build dist shots *.egg-info .*_cache .hypothesis .coverage mutants
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { \
		echo "lovdv behöver Python 3.11 eller senare. Installera det, eller peka ut det:"; \
		echo "  make demo PYTHON=/sökväg/till/python3.13"; \
		echo "(lovdv needs Python 3.11 or later.)"; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Miljön kunde inte göras. På Debian och Ubuntu: apt install python3-venv"; \
		echo "(Could not make the environment.)"; exit 2; }

$(RUN): setup.cfg .ci/locks/run.txt | $(VENV)/pyvenv.cfg
	@if test -e $(ALL); then $(MAKE) --no-print-directory $(ALL); else \
		echo "Installerar (någon minut första gången) ..." && \
		$(PIP) install --require-hashes -r .ci/locks/run.txt && \
		$(PIP) install --no-deps --no-build-isolation --editable .; fi
	@touch $@

$(ALL): setup.cfg .ci/locks/all.txt | $(VENV)/pyvenv.cfg
	@echo "Installerar med testverktyg (någon minut första gången) ..."
	@$(PIP) install --require-hashes -r .ci/locks/all.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(RUN) $@
