# Everything starts from a Python 3.10 or newer: make PYTHON=python3.13 test
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator test docs dist bench clean

help:
	@echo "make demo      see the provider at work on this machine: preview, up, drift, refresh"
	@echo "make emulator  the demo's OpenAI organization, to go on by hand"
	@echo "make test      linters, types, the direction of imports, all tests with coverage"
	@echo "make docs      the documentation, into build/site: a warning is an error"
	@echo "make dist      the sdist and the wheel, into dist/: looked into, installed in a clean environment, tried"
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

docs: setup
	@$(VENV_PYTHON) tools/docs_site.py

dist: setup
	@$(VENV_PYTHON) tools/dist.py

bench: setup
	@$(VENV_PYTHON) -c "import matplotlib" 2>/dev/null || $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@$(VENV_PYTHON) -m benchmarks $(BENCH)

clean:
	rm -rf .venv .demo .cache build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find pulumi_openai_admin tests tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
