# Everything starts from a Python 3.10 or newer: make PYTHON=python3.13 test
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator test bench clean

help:
	@echo "make demo      see the provider at work on this machine: preview, up, drift, refresh"
	@echo "make emulator  the demo's OpenAI organization, to go on by hand"
	@echo "make test      linters, types, the direction of imports, all tests with coverage"
	@echo "make bench     measure: a table, benchmarks/results/, and ratios to the committed figures (BENCH=--quick: sooner)"
	@echo "make clean     remove what the above made here (the Pulumi engine stays in your cache)"
	@echo ""
	@echo "Nothing needs an OpenAI account. Set-up happens by itself; PYTHON=python3.13 names another Python."

setup:
	@$(PYTHON) tools/bootstrap.py

demo: setup
	@$(VENV_PYTHON) tools/demo.py

emulator: setup
	@$(VENV_PYTHON) tools/demo.py emulator

test: setup
	@$(VENV_PYTHON) tools/run_tests.py

bench: setup
	@$(VENV_PYTHON) -c "import matplotlib" 2>/dev/null || $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@$(VENV_PYTHON) -m benchmarks $(BENCH)

clean:
	rm -rf .venv .demo dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
	find pulumi_openai_admin tests tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
