# Everything starts from a Python 3.11 or newer: make PYTHON=python3.13 test
PYTHON ?= python3
# tools/bootstrap.py installs what a target needs, and runs the session of that name in noxfile.py.
RUN := @$(PYTHON) tools/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help setup demo emulator check test test-full test-lowest coverage docs generate picture sdks dist plugin record audit bench mutants clean

help:
	@echo "make demo      run the provider on this machine: preview, up, drift, rotation, destroy"
	@echo "make emulator  start the emulator with the organization of the demo"
	@echo "make check     linters, types, generated files, and the tests of what changed since main"
	@echo "               (BASE=HEAD~3 compares with another commit, ALL=1 runs all of tests/unit,"
	@echo "               CHANGELOG=none is for changes that no user notices,"
	@echo "               RESOURCE=Group runs all that is tested of one resource)"
	@echo "make test      run linters, type checks and tests"
	@echo "make test-full the same, with nothing left out: the whole fault matrix, all generated files"
	@echo "make test-lowest  tests with the lowest version of each dependency"
	@echo "make coverage  run the tests and measure which lines and branches they run"
	@echo "make docs      build the documentation into build/site; warnings are errors"
	@echo "make generate  update __init__.pyi, schema.json, examples and the generated parts of docs/"
	@echo "make picture   draw the pictures of docs/assets again: an update, and pages of commands"
	@echo "make sdks      write the SDKs of the native provider for TypeScript, Python, Go and .NET into sdk/"
	@echo "make dist      build sdist and wheel into dist/, check them, install and run them"
	@echo "make plugin    build the native provider as an archive for pulumi plugin install into dist/"
	@echo "make record    record the states of this version, which later versions must preview and refresh clean"
	@echo "make audit     look for known vulnerabilities in the packages of .venv and of the plugin archive"
	@echo "make bench     run the benchmarks (BENCH=--quick is faster)"
	@echo "make mutants   change the code in small ways, and see whether a unit test fails"
	@echo "               (MODULE=pulumi_openai_admin.http.replies)"
	@echo "make clean     delete all generated files (the Pulumi engine stays in your cache)"
	@echo ""
	@echo "No OpenAI account is needed. Each target installs what it needs into .venv when it is first run."
	@echo "To use another Python: make test PYTHON=python3.13"
	@echo "Without make, as on Windows: python tools/bootstrap.py demo"

setup demo emulator test test-full test-lowest coverage docs generate picture sdks dist plugin record audit:
	$(RUN) $@

check:
	$(RUN) check $(if $(BASE),--base $(BASE)) $(if $(ALL),--all) $(if $(CHANGELOG),--changelog $(CHANGELOG)) $(if $(RESOURCE),--resource $(RESOURCE))

bench:
	$(RUN) bench $(BENCH)

mutants:
	$(RUN) mutants $(if $(MODULE),'$(MODULE).*')

clean:
	rm -rf schema-openai-admin.json .venv .nox .demo .cache build dist sdk htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis mutants *.egg-info
	find pulumi_openai_admin tests tools examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
