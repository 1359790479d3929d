# The ways into this project, for people and for machines alike. `make run` and `make test` need nothing before them.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run reset test check format bench freeze

help:  ## Say what there is
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup:  ## Make the Python environment, the styles and the database
	@$(PYTHON) scripts/setup.py

run:  ## Run the site with its demonstration (PORT=8000)
	@$(PYTHON) scripts/run.py

reset:  ## Start the demonstration afresh: the embedded database is thrown away
	@$(PYTHON) scripts/reset.py

test:  ## Check everything and run all tests
	@$(PYTHON) scripts/setup.py --for test
	@failed=0; $(BIN)/python scripts/check.py || failed=1; $(BIN)/pytest || failed=1; exit $$failed

check: setup  ## Format, lint, types, import rules, migrations, templates: all but the tests
	@$(BIN)/python scripts/check.py

format: setup  ## Put code and templates into shape
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(BIN)/djlint templates --reformat --quiet

bench: setup  ## Measure pages, payment runs, money and a synthetic England (PEOPLE=200000 PAYMENTS=2022 BUDGETS=1000 ENGLAND=20000: other sizes)
	@$(BIN)/python scripts/bench.py $(if $(PEOPLE),--people $(PEOPLE)) $(if $(PAYMENTS),--payments $(PAYMENTS)) \
		$(if $(BUDGETS),--budgets $(BUDGETS)) $(if $(ENGLAND),--england $(ENGLAND)) $(if $(ROWS),--rows $(ROWS))

freeze:  ## Write down the exact version of every package that comes along
	@$(BIN)/python scripts/freeze.py
