# Everything sets itself up: `make demo` and `make test` need Python 3.11 or newer, make and pip.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-all test-office-web mutation benchmarks lint packs golden schema docs clean

help:
	@echo "make demo      the main job: the risk of escalation in a shipped scenario (about a minute)"
	@echo "make test      lint, types and tests (a few minutes)"
	@echo "make test-all  the long tests as well, run before an issue ends"
	@echo "make test-office-web  pages in a real browser, documents in a real office; installs both (Debian)"
	@echo "make mutation  mutation testing of the rules, by hand; renews docs/mutation.md (half an hour)"
	@echo "make benchmarks  what simcrisis costs, on a quiet machine; prints it and keeps it (a quarter of an hour)"
	@echo "make packs     two exercise packs as examples, in build/packs (half a minute)"
	@echo "make golden    renew the golden logs, on purpose"
	@echo "make docs      renew what is generated: schema.json, figures and tables of docs/ (an hour)"

$(VENV)/.user: pyproject.toml
	@echo "== setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -c 'import sys; sys.exit("simcrisis needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.user
	@echo "== adding what the tests need"
	@$(BIN)/pip install --quiet --editable ".[dev]"
	@touch $@

demo: $(VENV)/.user
	@echo "== one run of belgrade_2015, told (arm 'both'; the first lines)"
	@$(BIN)/simcrisis run belgrade_2015 --arm both --replication 3 | head -n 24
	@echo "   ... (simcrisis run belgrade_2015 --arm both --replication 3 tells the rest)"
	@echo
	@echo "== the risk of escalation: 2,000 replications of each arm, under common luck"
	@$(BIN)/simcrisis batch belgrade_2015 --replications 2000

lint: $(VENV)/.developer
	@echo "== ruff and mypy --strict"
	@$(BIN)/ruff check simcrisis tests benchmarks
	@$(BIN)/ruff format --check simcrisis tests benchmarks
	@$(BIN)/mypy

test: lint
	@echo "== tests"
	@$(BIN)/pytest -n auto --dist worksteal -m "not long and not web and not office"

test-all: lint
	@echo "== all tests, the long ones included"
	@$(BIN)/pytest -n auto --dist worksteal -m "not web and not office"

OFFICE_WEB := chromium libreoffice-calc-nogui libreoffice-writer-nogui poppler-utils fonts-dejavu-core
ROOT := $(if $(filter 0,$(shell id -u)),,sudo)
# Calc and Writer are looked for by their libraries: soffice is there without them.
NEEDED := command -v chromium && command -v soffice && command -v pdftotext \
	&& ls /usr/lib/libreoffice/program/libsclo.so /usr/lib/libreoffice/program/libswlo.so
test-office-web: $(VENV)/.developer
	@{ $(NEEDED); } > /dev/null 2>&1 || { echo "== installing a browser and an office: $(OFFICE_WEB)" \
		&& $(ROOT) apt-get update -q && $(ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(OFFICE_WEB); }
	@$(BIN)/pip install --quiet --editable ".[dev,web]"
	@echo "== tests in a real browser and a real office"
	@$(BIN)/pytest -m "web or office"

# Works on a copy, for it changes the source.
MUTANTS := build/mutation
mutation: $(VENV)/.developer
	@$(BIN)/pip install --quiet --editable ".[dev,mutation]"
	@rm -rf $(MUTANTS) && mkdir -p $(MUTANTS) && cp -R simcrisis scenarios tests pyproject.toml $(MUTANTS)
	@cd $(MUTANTS) && export PATH="$(abspath $(BIN)):$$PATH" && cosmic-ray init tests/mutation.toml session.sqlite \
		&& cr-filter-operators session.sqlite tests/mutation.toml && cosmic-ray baseline tests/mutation.toml \
		&& cosmic-ray exec tests/mutation.toml session.sqlite && cosmic-ray dump session.sqlite > session.jsonl
	@$(BIN)/python -m tests.mutation < $(MUTANTS)/session.jsonl

benchmarks: $(VENV)/.developer
	@$(BIN)/python -m benchmarks --store
	@$(BIN)/python -m benchmarks readme

PACKS := belgrade_2015 energy_grid
packs: $(VENV)/.user
	@$(BIN)/pip install --quiet --editable ".[office]"
	@rm -rf build/packs
	@for name in $(PACKS); do $(BIN)/simcrisis exercise build $$name --out build/packs/$$name || exit; done

golden: $(VENV)/.developer
	@$(BIN)/python -m tests.golden

schema: $(VENV)/.user
	@$(BIN)/simcrisis schema > scenarios/schema.json

docs: schema $(VENV)/.developer
	@$(BIN)/python -m tests.catalogue_page
	@$(BIN)/python -m tests.words_page
	@$(BIN)/python -m tests.validation
	@$(BIN)/python -m tests.calibration_page
	@$(BIN)/python -m tests.studies
	@$(BIN)/python -m tests.gallery

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
