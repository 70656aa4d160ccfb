# Everything starts from a Python 3.10 or newer: make PYTHON=python3.13 test
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator test test-full docs generate picture sdks dist plugin bench mutants clean

help:
	@echo "make demo      run the provider on this machine: preview, up, drift, rotation, destroy"
	@echo "make emulator  start the emulator with the organization of the demo"
	@echo "make test      run linters, type checks and all tests with coverage"
	@echo "make test-full the same, with all cases of the fault matrix"
	@echo "make docs      build the documentation into build/site; warnings are errors"
	@echo "make generate  update __init__.pyi, native/schema.json and the generated parts of docs/"
	@echo "make picture   draw docs/assets/up.svg anew, from a real run of the quickstart"
	@echo "make sdks      write the SDKs of the native provider for TypeScript, Python, Go and .NET into sdk/"
	@echo "make dist      build sdist and wheel into dist/, check them, install and run them"
	@echo "make plugin    build the native provider as an archive for pulumi plugin install into dist/"
	@echo "make bench     run the benchmarks (BENCH=--quick is faster)"
	@echo "make mutants   change the code in small ways, and see whether a unit test fails (SAMPLE=100)"
	@echo "make clean     delete all generated files (the Pulumi engine stays in your cache)"
	@echo ""
	@echo "No OpenAI account is needed. The first run sets up .venv."
	@echo "To use another Python: make test PYTHON=python3.13"

setup:
	@$(PYTHON) tools/bootstrap.py

demo: setup
	@$(VENV_PYTHON) -m tools.demo

emulator: setup
	@$(VENV_PYTHON) -m tools.demo emulator

test: setup
	@$(VENV_PYTHON) -m tools.run_tests

test-full: export FAULT_MATRIX = full
test-full: test

docs: setup
	@$(VENV_PYTHON) -m tools.docs_site

generate: setup
	@$(VENV_PYTHON) -m tools.type_stub
	@$(VENV_PYTHON) -m tools.docs_pages
	@$(VENV_PYTHON) -m tools.native_schema

picture: setup
	@$(VENV_PYTHON) -m tools.picture

sdks: setup
	@$(VENV_PYTHON) -m tools.sdks

dist: setup
	@$(VENV_PYTHON) -m tools.dist

plugin: setup
	@$(VENV_PYTHON) -m tools.plugin

bench: setup
	@$(VENV_PYTHON) -c "import matplotlib" 2>/dev/null || $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@$(VENV_PYTHON) -m benchmarks $(BENCH)

mutants: setup
	@$(VENV_PYTHON) -c "import mutmut" 2>/dev/null || $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	@$(VENV_PYTHON) -m tools.mutants $(if $(MODULE),--module $(MODULE)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

clean:
	rm -rf .venv .demo .cache build dist sdk htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis mutants *.egg-info
	find pulumi_openai_admin tests tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
