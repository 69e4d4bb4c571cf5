# Two commands do all set-up: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
TESTS := $(BIN)/python -m pytest

.PHONY: help demo dev dev-postgres test check format test-slow test-browser golden faults two-workers acceptance bench-dagster audit bench peers attacks ablation bench-design bench-intake bench-estimation bench-rank bench-reliability bench-grades sessions eng5-cj-suite llm-mock-profile eng5-heavy reference clean

help:  ## List the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

demo: .venv/.runtime  ## Run both sample assessments on the embedded emulator: no key, no server, no cost
	@$(BIN)/cj run eng5-role-models lower5 --emulator

dev: .venv/.runtime  ## Start Dagster's web UI and daemon (with the emulator unless a provider key is set)
	@$(BIN)/cj dev

dev-postgres: .venv/.dev  ## The same on PostgreSQL: CJ_LEDGER_URL and CJ_DAGSTER_URL, or a server of its own
	@$(BIN)/python -m tools.dev_postgres

test: check  ## All checks and the tests
	$(TESTS) -n 2 --dist loadfile

check: .venv/.dev  ## Format, lint, types, import contracts, Dagster definitions, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	CJ_WORK_DIR=$${CJ_WORK_DIR:-$$(mktemp -d)} DAGSTER_HOME= $(BIN)/python -W ignore -m dagster definitions validate -w workspace.yaml
	$(BIN)/python tools/render_reference.py --check
	$(BIN)/python tools/render_results.py --check
	$(BIN)/python tools/check_docs.py

format: .venv/.dev  ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reference: .venv/.dev  ## Render docs/reference from the code and result tables from their records
	$(BIN)/python tools/render_reference.py
	$(BIN)/python tools/render_results.py

test-slow: .venv/.dev  ## Real webserver, daemon and processes
	$(TESTS) -m slow

test-browser: .venv/.dev  ## Dagster's UI in headless Chromium (needs Debian's chromium)
	$(TESTS) -m browser

test-office: .venv/.dev  ## Essays as LibreOffice writes them (needs Debian's libreoffice-writer)
	$(TESTS) -m office

golden: .venv/.dev  ## Figures on reference data: make golden CJ_REFERENCE_DATA=<folder>
	@test -n "$(CJ_REFERENCE_DATA)" || { echo "error: name the folder of the reference data: make golden CJ_REFERENCE_DATA=<folder>"; exit 2; }
	CJ_REFERENCE_DATA="$(CJ_REFERENCE_DATA)" $(TESTS) -m reference -s

faults: .venv/.dev  ## The fault suite: make faults [RUNS=2000] [SEED=1]; writes benchmarks/fault_suite.json
	$(BIN)/python -m benchmarks.fault_suite --runs $(or $(RUNS),2000) --seed $(or $(SEED),1) --keep

bench: .venv/.dev  ## Seconds and memory for 100,000 comparisons; writes benchmarks/throughput.json
	$(BIN)/python -m benchmarks.throughput

peers: .venv/.dev  ## Other batch clients under the same faults: make peers [PEERS_DIR=<folder>]; writes benchmarks/peers.json
	@folder="$(or $(PEERS_DIR),$$(mktemp -d))"; for peer in inspect curator; do \
	  test -d "$$folder/$$peer" || { $(PYTHON) -m venv "$$folder/$$peer" && "$$folder/$$peer/bin/pip" install --quiet -r benchmarks/peers/requirements-$$peer.txt; } || exit 1; \
	done; $(BIN)/python -m benchmarks.peers "$$folder"

ablation: .venv/.dev  ## How much each pair design brings, by simulation; writes benchmarks/ablation.json
	$(BIN)/python -m benchmarks.ablation

bench-design: .venv/.dev  ## Seconds and memory of planning up to 100,000 essays; writes benchmarks/design.json
	$(BIN)/python -m benchmarks.design

bench-grades: .venv/.dev  ## How good grades are: make bench-grades CJ_REFERENCE_DATA=<folder>; writes benchmarks/grades.json
	@test -n "$(CJ_REFERENCE_DATA)" || { echo "error: name the folder of the reference data: make bench-grades CJ_REFERENCE_DATA=<folder>"; exit 2; }
	$(BIN)/python -m benchmarks.grades "$(CJ_REFERENCE_DATA)"

bench-intake: .venv/.dev  ## Broken files, a mixed folder, near-duplicates; writes benchmarks/intake.json
	$(BIN)/python -m benchmarks.intake

bench-rank: .venv/.dev  ## Seconds that `cj rank` takes from a cold start; writes benchmarks/rank_command.json
	$(BIN)/python -m benchmarks.rank_command

sessions: .venv/.dev  ## Published sessions estimated anew: make sessions CJ_REFERENCE_DATA=<folder>; writes benchmarks/published_sessions.json
	@test -n "$(CJ_REFERENCE_DATA)" || { echo "error: name the folder of the reference data: make sessions CJ_REFERENCE_DATA=<folder>"; exit 2; }
	CJ_REFERENCE_DATA="$(CJ_REFERENCE_DATA)" $(BIN)/python -m benchmarks.published_sessions

bench-judge: .venv/.dev  ## How the synthetic judge orders essays: make bench-judge CJ_REFERENCE_DATA=<folder>; writes benchmarks/synthetic_judge.json
	@test -n "$(CJ_REFERENCE_DATA)" || { echo "error: name the folder of the reference data: make bench-judge CJ_REFERENCE_DATA=<folder>"; exit 2; }
	$(BIN)/python -m benchmarks.synthetic_judge "$(CJ_REFERENCE_DATA)"

bench-reliability: .venv/.dev  ## What reliabilities make of coin tosses, and how bands of misfit hold; writes benchmarks/coin_toss.json, known_truth.json, misfit_bands.json
	$(BIN)/python -m benchmarks.quality

bench-estimation: .venv/.dev  ## The estimator beside its peers, its intervals, strengths: make bench-estimation [PEERS_DIR=<folder>]
	@folder="$(or $(PEERS_DIR),$$(mktemp -d))"; test -d "$$folder/estimation" || { $(PYTHON) -m venv "$$folder/estimation" && \
	  "$$folder/estimation/bin/pip" install --quiet -r benchmarks/estimation/requirements-peers.txt; } || exit 1; \
	$(BIN)/python -m benchmarks.estimation "$$folder/estimation"
	$(BIN)/python -m benchmarks.estimation coverage
	$(BIN)/python -m benchmarks.estimation strength

attacks: .venv/.dev  ## Essays that speak to the judge: make attacks CJ_REFERENCE_DATA=<folder>; writes benchmarks/hostile_essays.json
	@test -n "$(CJ_REFERENCE_DATA)" || { echo "error: name the folder of the reference data: make attacks CJ_REFERENCE_DATA=<folder>"; exit 2; }
	CJ_REFERENCE_DATA="$(CJ_REFERENCE_DATA)" $(BIN)/python -m benchmarks.attacks

two-workers: .venv/.dev  ## Two workers on one PostgreSQL, killed at random; writes benchmarks/two_workers.json
	$(BIN)/python -m benchmarks.two_workers --keep

acceptance: .venv/.dev  ## A night of thirty assessments on real processes, under faults; writes benchmarks/acceptance.json
	$(BIN)/python -m benchmarks.acceptance --keep

bench-dagster: .venv/.dev  ## Sensor ticks, an idle daemon, the event log; writes benchmarks/dagster_overhead.json
	$(BIN)/python -m benchmarks.dagster_overhead --keep

audit: .venv/.python  ## Known faults of the locked packages (needs the vulnerability service of the package index)
	@test -x .venv/audit/bin/pip-audit || { $(PYTHON) -m venv .venv/audit && .venv/audit/bin/pip install --quiet pip-audit==2.10.1; }
	.venv/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements/server.lock

eng5-cj-suite: .venv/.runtime  ## One suite of comparative judgement on the emulator: make eng5-cj-suite SUITE=regular|small-net|batch-api|batch-expiry
	@test -n "$(SUITE)" || { echo "error: name the suite: make eng5-cj-suite SUITE=regular|small-net|batch-api|batch-expiry"; exit 2; }
	@$(BIN)/cj harness $(SUITE)

llm-mock-profile: .venv/.runtime  ## One judge's profile: make llm-mock-profile PROFILE=cj-generic|cj-generic-batch-api|eng5-anchor|eng5-lower5
	@test -n "$(PROFILE)" || { echo "error: name the profile: make llm-mock-profile PROFILE=cj-generic|cj-generic-batch-api|eng5-anchor|eng5-lower5"; exit 2; }
	@$(BIN)/cj harness $(PROFILE)

eng5-heavy: .venv/.runtime  ## All suites and profiles, in every mode, at both providers; prints one table
	@$(BIN)/cj harness all

clean:  ## Remove the virtual environment and caches (data/work, with the ledger of paid jobs, stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: Python 3.11 or newer is needed; name it: make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.python requirements/runtime.lock pyproject.toml
	@echo "Installing the locked packages (a minute or two, once) ..."
	@$(PIP) --require-hashes -r requirements/runtime.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.lock
	@echo "Installing the locked development packages ..."
	@$(PIP) --require-hashes -r requirements/dev.lock
	@touch $@
