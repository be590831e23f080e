# Needs python3 (3.11 or newer) with venv, and make; everything else is installed into $(VENV).
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Set, it has each of the tests' many processes compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo run install install-dev lint test test-django test-mobile model salons storm pooled mutants bench lock
help:
	@echo "make run    the site and a worker on SQLite, with the Stripe sandbox until a key is set; writes .env the first time"
	@echo "make demo   start everything on SQLite with the Stripe sandbox and play the whole story"
	@echo "make test   install what is missing; the whole suite on SQLite, and on PostgreSQL what hangs on the database"
	@echo "make model  N=1000 random histories held against Stripe's truth (DB=sqlite or postgres)"
	@echo "make storm  forty seconds in which Stripe fails and workers are killed, and how long all takes to be settled (DB=)"
	@echo "make pooled the tests in which things happen at once, through PgBouncer in transaction mode"
	@echo "make salons N=100 random salons: what is offered can be booked, and nothing else (DB=sqlite or postgres)"
	@echo "make mutants break one thing after another in what pays back and see a test fail (an hour)"
	@echo "make bench  measure on a durable PostgreSQL and write docs/performance.md (SIZES=10000,1000000)"
	@echo "make lint   style, types, import contracts, migrations"
	@echo "make lock   renew requirements*.txt from requirements*.in"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	@echo "==> Making a virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

# A stamp remembers what was installed, so that pip runs again only when the lock has changed.
$(VENV)/.requirements.txt $(VENV)/.requirements-dev.txt: $(VENV)/.%: % | $(BIN)/python
	@echo "==> Installing $< (some minutes the first time)"
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

# What runs comes first: the mobile tests begin while the tools of the others are installed.
$(VENV)/.requirements-dev.txt: $(VENV)/.requirements.txt

install: $(VENV)/.requirements.txt
install-dev: $(VENV)/.requirements-dev.txt

demo: install
	@$(BIN)/python -m demo

run: install
	@$(BIN)/python -m demo.first_hour

lint: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=config.tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

# Left out: what doesn't hang on what the database does (marked `once`). `make test ON_POSTGRES=` leaves out nothing.
ON_POSTGRES ?= -m "not once" -p no:schemathesis

# Side by side, as none keeps both cores busy.
test:
	@$(MAKE) --no-print-directory -j3 test-mobile lint test-django

test-django: install-dev
	@echo "==> The suite on SQLite"
	$(BIN)/python -m pytest
	@echo "==> The suite on PostgreSQL"
	$(BIN)/python -m pytest --ds=config.tests.settings_postgres $(ON_POSTGRES) bench config operations backoffice accounts refunds payments bookings core

# The mobile code needs Node.js; CI must not be without it.
ifneq ($(shell command -v npm || true),)
test-mobile: mobile/node_modules/.package-lock.json install
	@echo "==> The mobile code"
	cd mobile && PYTHON="$(abspath $(BIN))/python" npm test
else
test-mobile:
	@if [ -n "$$CI" ]; then echo "Node.js is not installed"; exit 1; fi
	@echo "==> SKIPPED: the mobile code, because Node.js is not installed"
endif

# npm writes this file when all is installed.
mobile/node_modules/.package-lock.json: mobile/package-lock.json
	cd mobile && npm ci --no-fund --no-audit

# Random histories against Stripe's truth: make model N=1000 DB=postgres. It tells each slice of 50 that held; one that
# was stopped goes on with FROM=<the next slice>, and several may run side by side.
N ?= 100
DB ?= sqlite
FROM ?= 1
model: install-dev
	MODEL_HISTORIES=$(N) MODEL_FROM=$(FROM) $(BIN)/python -m pytest -n 0 --ds=config.tests.settings$(if $(filter postgres,$(DB)),_postgres) refunds/tests/model

storm: install-dev
	STORM=long $(BIN)/python -m pytest -n 0 -s --ds=config.tests.settings$(if $(filter postgres,$(DB)),_postgres) refunds/tests/test_storm.py

# Its sessions stay open, so the databases can't be dropped: they go with the server.
pooled: install-dev
	$(BIN)/python -m pytest --reuse-db --ds=config.tests.settings_pooler $$(grep -rlE "at_once|ThreadPoolExecutor" --include=test_*.py refunds payments bookings accounts core)

salons: install-dev
	RANDOM_SALONS=$(N) $(BIN)/python -m pytest --ds=config.tests.settings$(if $(filter postgres,$(DB)),_postgres) bookings/tests/test_offered_is_bookable.py

# Outside the lock, as nothing else needs it. One at a time: the tests of a process share a database.
mutants: install-dev
	$(BIN)/python -m pip install --disable-pip-version-check mutmut==3.8.1
	$(BIN)/mutmut run --max-children 1
	$(BIN)/mutmut results

# Takes half an hour, most of it to invent a million bookings.
SIZES ?= 10000,100000,1000000
bench: install-dev
	$(BIN)/python -m bench --sizes $(SIZES) --write docs/performance.md

lock:
	rm -rf .uv && $(PYTHON) -m venv .uv && .uv/bin/pip install --quiet uv
	for name in requirements requirements-dev; do \
	  .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; \
	done
	rm -rf .uv
