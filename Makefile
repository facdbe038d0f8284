# Two commands do everything on a machine with Python and make:
#   make demo   a real network under a real CPU limit, before and after
#   make test   everything that is tested, and what it needs
# And `make bench` measures it all in an hour, `make bench-quick` a part of it in three minutes.

PYTHON ?= python3
VENV := .venv
DEMO := .venv-demo

.PHONY: demo test fast check environments npm debian-testing bench bench-quick screens clean

demo: $(DEMO)/installed
	$(DEMO)/bin/python -m pip install --quiet .
	$(DEMO)/bin/python examples/before_after/demo.py

test: $(VENV)/installed
	$(MAKE) --jobs --output-sync check environments npm debian-testing
	$(VENV)/bin/python testing/everything.py

# The real programs, for the tests.
environments: $(VENV)/installed
	$(VENV)/bin/python testing/environments.py

npm: $(VENV)/installed
	$(VENV)/bin/python testing/npm.py

debian-testing: $(VENV)/installed
	-$(VENV)/bin/python testing/debian_testing.py

fast: check
	$(VENV)/bin/python -m pytest --quiet --numprocesses 2 tests/unit

check: $(VENV)/installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports
	$(VENV)/bin/mypy src tests testing examples benchmarks hatch_build.py

bench: $(VENV)/installed
	$(VENV)/bin/python benchmarks/bench.py

bench-quick: $(VENV)/installed
	$(VENV)/bin/python benchmarks/bench.py --quick

screens: $(VENV)/installed
	$(VENV)/bin/python -m testing.screens

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/bin/python -m pip install --quiet --group dev --editable .
	touch $@

$(DEMO)/installed: examples/before_after/requirements.txt
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python -m pip install --quiet --requirement examples/before_after/requirements.txt
	touch $@

clean:
	rm -rf $(VENV) .venvs $(DEMO) build dist
