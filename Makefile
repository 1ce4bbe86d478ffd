# make demo: install, build the demo graph, answer a query.   make test: install and run the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STORE := demo/store
EDITOR := server/static/yasgui/yasgui.min.js
QUESTION := data/queries/who-said-which-city-was-taken.rq

.PHONY: ui demo test check lint format docs golden bench serve install lock clean

install: $(VENV)/installed

$(VENV)/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps -e .
	touch $@

ui: $(EDITOR)

# What the query page takes from npm, by exact version and hash; without it the page is a plain form.
$(EDITOR): ui/package-lock.json ui/copy.mjs
	cd ui && npm ci --ignore-scripts --silent
	node ui/copy.mjs

demo: install
	@$(MAKE) --no-print-directory ui || echo "The query editor could not be fetched with npm; the query page is a plain form." >&2
	rm -rf $(STORE)
	$(BIN)/kg build data/articles --store $(STORE)
	$(BIN)/kg dump --store $(STORE) --format ttl -o demo/news.ttl
	@echo "The graph stands in demo/news.ttl. The question ($(QUESTION)):"
	@cat $(QUESTION)
	$(BIN)/kg query --store $(STORE) -f $(QUESTION)

# Tests of the server measure how long things take: nothing else runs beside them.
test: install
	status=0; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --ignore tests/server || status=$$?; \
	$(BIN)/python -m pytest tests/server || status=$$?; \
	exit $$status

serve: install
	test -d $(STORE) || $(MAKE) demo
	$(BIN)/kg serve --store $(STORE)

lint: install
	$(BIN)/ruff format --check kg server tests docs bench
	$(BIN)/ruff check kg server tests docs bench
	$(BIN)/mypy

check: lint
	$(BIN)/python docs/ontology_format.py --check
	$(BIN)/python docs/ontology_page.py --check
	$(BIN)/python docs/queries_page.py --check
	$(BIN)/python -m pytest -m "not slow"

format: install
	$(BIN)/ruff format kg server tests docs bench
	$(BIN)/ruff check --fix kg server tests docs bench
	$(BIN)/python docs/ontology_format.py

docs: install
	$(BIN)/python docs/ontology_page.py
	$(BIN)/python docs/queries_page.py

golden: install
	$(BIN)/python -m pytest tests/test_cases.py --update-golden

bench: install
	$(BIN)/python bench/throughput.py

clean:
	rm -rf $(VENV) demo
