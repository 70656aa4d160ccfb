# Everything starts from a Python 3.10 or newer: make PYTHON=python3.13 test
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
# Each target installs the extras of pyproject.toml that it needs, beside those that .venv has already.
SET_UP := @$(PYTHON) tools/bootstrap.py
DEV := demo docs dev

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator check test test-full coverage docs generate picture logo sdks dist plugin bench mutants clean

help:
	@echo "make demo      run the provider on this machine: preview, up, drift, rotation, destroy"
	@echo "make emulator  start the emulator with the organization of the demo"
	@echo "make check     linters, types and the tests of what changed since main: about a minute"
	@echo "               (BASE=HEAD~3 compares with another commit, ALL=1 runs all of tests/unit,"
	@echo "               RESOURCE=Group runs all that is tested of one resource)"
	@echo "make test      run linters, type checks and tests"
	@echo "make test-full the same, with nothing left out: the whole fault matrix, all generated files"
	@echo "make coverage  run the tests and measure which lines and branches they run"
	@echo "make docs      build the documentation into build/site; warnings are errors"
	@echo "make generate  update __init__.pyi, native/schema.json, examples and the generated parts of docs/"
	@echo "make picture   draw docs/assets/up.svg anew, from a real run of the quickstart"
	@echo "make logo      draw the other files of the logo from docs/assets/logo.svg"
	@echo "make sdks      write the SDKs of the native provider for TypeScript, Python, Go and .NET into sdk/"
	@echo "make dist      build sdist and wheel into dist/, check them, install and run them"
	@echo "make plugin    build the native provider as an archive for pulumi plugin install into dist/"
	@echo "make bench     run the benchmarks (BENCH=--quick is faster)"
	@echo "make mutants   change the code in small ways, and see whether a unit test fails (SAMPLE=100)"
	@echo "make clean     delete all generated files (the Pulumi engine stays in your cache)"
	@echo ""
	@echo "No OpenAI account is needed. Each target installs what it needs into .venv when it is first run."
	@echo "To use another Python: make test PYTHON=python3.13"

setup:
	$(SET_UP) $(DEV)

demo:
	$(SET_UP) --announce demo
	@$(VENV_PYTHON) -m tools.demo

emulator:
	$(SET_UP) demo
	@$(VENV_PYTHON) -m tools.demo emulator

check: setup
	@$(VENV_PYTHON) -m tools.check $(if $(BASE),--base $(BASE)) $(if $(ALL),--all) $(if $(RESOURCE),--resource $(RESOURCE))

test: setup
	@$(VENV_PYTHON) -m tools.run_tests

test-full: setup
	@$(VENV_PYTHON) -m tools.run_tests --full

coverage: setup
	@$(VENV_PYTHON) -m tools.run_tests --coverage

docs:
	$(SET_UP) demo docs
	@$(VENV_PYTHON) -m tools.docs_site

generate: setup
	@$(VENV_PYTHON) -m tools.type_stub
	@$(VENV_PYTHON) -m tools.program_conversion
	@$(VENV_PYTHON) -m tools.docs_pages
	@$(VENV_PYTHON) -m tools.native_schema

picture: setup
	@$(VENV_PYTHON) -m tools.picture

logo: setup
	@$(VENV_PYTHON) -m tools.logo

sdks:
	$(SET_UP) demo
	@$(VENV_PYTHON) -m tools.sdks

dist: setup
	@$(VENV_PYTHON) -m tools.dist

plugin:
	$(SET_UP) demo
	@$(VENV_PYTHON) -m tools.plugin

bench:
	$(SET_UP) demo bench
	@$(VENV_PYTHON) -m benchmarks $(BENCH)

mutants:
	$(SET_UP) $(DEV) mutants
	@$(VENV_PYTHON) -m tools.mutants $(if $(MODULE),--module $(MODULE)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

clean:
	rm -rf .venv .demo .cache build dist sdk htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis mutants *.egg-info
	find pulumi_openai_admin tests tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
