# The one surface of the project: run `make` to see it. Written for GNU make 3.81 (macOS) and newer.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test coverage mutation lint format schema clean lock messages samples screenshots accuracy train bench bench-learning bench-matching bench-import bench-ocr bench-review bench-witnesses bench-written bench-fraud fuzz-api chaos fault-points test-easyocr object-storage sbom audit

PORT ?= 8000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
UV := .venv-lock/bin/uv

# The environment is made once; a stamp for each lock file in it keeps later runs from asking pip again.
MADE := $(VENV)/made.stamp
RUNTIME := $(VENV)/runtime.stamp
DEV := $(VENV)/dev.stamp
EASYOCR := $(VENV)/easyocr.stamp
TESSERACT := $(VENV)/tesseract.stamp
SWIFT := .venv-swift
SUPPLY := .venv-supply

# An interpreter that was upgraded or removed under the environment leaves stamps that lie.
ifeq ($(wildcard $(MADE))$(shell $(BIN)/python -c 'print(1)' 2>/dev/null),$(MADE))
$(shell rm -f $(MADE))
endif

# EasyOCR and PyTorch take some gigabytes; they are installed only where the engine is asked for.
OCR_ENGINE ?= $(shell sed -n 's/^OCR_ENGINE=//p' .env 2>/dev/null)
SERVING := $(RUNTIME)
ifeq ($(OCR_ENGINE),easyocr)
SERVING := $(EASYOCR)
endif
ifeq ($(OCR_ENGINE),tesseract)
SERVING := $(TESSERACT)
endif

PIP_INSTALL = $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes
# From its cache, mypy's plugin for Django reports errors that are none: hence --no-incremental below.
LINT_IMPORTS = from importlinter.cli import lint_imports_command as check; check()

say = @printf '%s\n'

help: ## list what can be run (this)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUNTIME) ## read a sample invoice (FILE=yours.pdf) and print the draft payment it becomes, with reasons
	@$(BIN)/python -m samples.demo $(if $(FILE),'$(FILE)')

serve: $(SERVING) ## run the API and the back office on http://127.0.0.1:PORT (PORT=8000; .env is read)
	@set -a; if [ -f .env ]; then . ./.env; fi; PORT='$(PORT)' exec $(BIN)/python -m samples.serve

test: $(DEV) ## run the tests (ARGS="-k iban"; DATABASE_URL and REDIS_URL choose the services)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

coverage: $(DEV) ## run the tests, count the lines and branches that they run, and fail where a floor is not met
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report= $(ARGS)
	@$(BIN)/python -m tests.floors

# One change at a time: all of them share one database.
mutation: $(DEV) ## change the deciding modules in hundreds of small ways, and fail where too few are noticed (half an hour)
	@$(BIN)/python -m mutmut run --max-children 1 $(ARGS)
	@$(BIN)/python -m tests.mutation

lint: $(DEV) ## check format, style, types, import directions, the OpenAPI schema and migrations
	@failed=''; \
	check() { echo "== $$1"; name=$$1; shift; "$$@" || failed="$$failed, $$name"; }; \
	check 'format (ruff format; make format puts it right)' $(BIN)/ruff format --check --quiet .; \
	check 'style (ruff check)' $(BIN)/ruff check --quiet .; \
	check 'types (mypy --strict)' $(BIN)/python -m mypy --no-incremental .; \
	check 'import directions (import-linter)' $(BIN)/python -c '$(LINT_IMPORTS)'; \
	check 'Django (check)' $(BIN)/python manage.py check --fail-level WARNING; \
	check 'migrations (makemigrations --check)' $(BIN)/python manage.py makemigrations --check --dry-run; \
	check 'OpenAPI schema (docs/openapi.yaml; make schema writes it)' sh .ci/schema $(BIN)/python; \
	if [ -n "$$failed" ]; then echo "lint failed: $${failed#, }"; exit 1; fi; \
	echo 'lint: all clean'

format: $(DEV) ## rewrite the code in the house style
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

schema: $(DEV) ## write docs/openapi.yaml anew, the description of the API that clients are generated from
	@$(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

clean: ## remove the environment and everything generated; the data in var/ stays
	@rm -rf $(VENV) $(VENV)-easyocr $(SWIFT) $(SUPPLY) .venv-lock staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis mutants .coverage .coverage.* .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	$(say) 'Removed the environment and the caches. The data of `make serve` is still in var/.'

sbom: $(DEV) $(SUPPLY)/made.stamp ## write sbom.cdx.json, the bill of materials of the container image (OUT=other/file.json)
	@$(BIN)/python -m benchmarks.supply.sbom --out '$(or $(OUT),sbom.cdx.json)'

audit: $(DEV) $(SUPPLY)/made.stamp ## ask for known vulnerabilities of what is locked; says so where nobody can be asked
	@$(BIN)/python -m benchmarks.supply.audit

samples: $(DEV) ## draw the sample invoices again
	@$(BIN)/python -m samples.make_samples

messages: $(DEV) ## collect the sentences of the API into locale/, and compile what is translated there
	@$(BIN)/python -m tests.catalogues

screenshots: $(DEV) ## take the pictures in docs/images from the running program (needs Chromium)
	@$(BIN)/python -m samples.screenshots

accuracy: $(DEV) ## measure how right the fields are (DATA=folder of documents with truth, see docs/truth-format.md)
	@$(BIN)/python -m benchmarks.accuracy --samples --generated 60 --locales 10 $(if $(DATA),--data '$(DATA)') $(ARGS)

bench-witnesses: $(RUNTIME) ## count the e-invoices and payment codes in documents, and those read completely (DATA=folder)
	@$(BIN)/python -m benchmarks.witnesses $(if $(DATA),--data '$(DATA)') $(ARGS)

bench-written: $(RUNTIME) ## count the invoices of our own that come back right from their e-invoice and their pages (ARGS="--count 300")
	@$(BIN)/python -m benchmarks.written $(ARGS)

train: $(DEV) ## fit the probabilities of printed values anew (DATA=folder of documents with truth; writes calibration.toml)
	@$(BIN)/python -m benchmarks.training --generate 240 $(if $(DATA),--data '$(DATA)') --write $(ARGS)

bench: $(DEV) ## measure speed, throughput, memory and cost in production's set-up (ARGS="--minutes 10 --only post,polls --write")
	@$(BIN)/python -m benchmarks.service $(ARGS)

bench-matching: $(RUNTIME) ## match payees among a million counterparties (ARGS="--rows 100000 --others 0 --database URL --write")
	@$(BIN)/python -m benchmarks.matching $(ARGS)

bench-import: $(RUNTIME) ## import files of 100,000 and a million suppliers (ARGS="--rows 100000 --database URL --write")
	@$(BIN)/python -m benchmarks.importing $(ARGS)

bench-learning: $(DEV) ## measure what corrections of a supplier's first document do for its third (DATA=folder)
	@$(BIN)/python -m benchmarks.learning $(if $(DATA),--data '$(DATA)') $(ARGS)

bench-review: $(DEV) ## count what clearing a document takes in the back office, and what is waited for (needs Chromium; ARGS="--write")
	@$(BIN)/python -m benchmarks.review $(ARGS)

bench-ocr: $(RUNTIME) ## measure the OCR engines on scans made of digital PDFs (DATA=folder ARGS="--pages 40")
	@$(BIN)/python -m benchmarks.ocr $(if $(DATA),--data '$(DATA)') $(ARGS)

bench-fraud: $(DEV) ## send forged and honest invoices through the service (ARGS="--out docs" keeps the report)
	@$(BIN)/python -m benchmarks.fraud $(ARGS)

fuzz-api: $(DEV) ## send generated requests to the running service, and hold it to its description (ARGS="--cases 50000")
	@$(BIN)/python -m benchmarks.fuzz.api $(ARGS)

fault-points: $(DEV) ## kill the service at every statement, commit, file and message, on both databases (ARGS="--path post")
	@$(BIN)/python -m tests.chaos.points $(ARGS)

chaos: $(DEV) ## kill, freeze, fill and cut what the running service stands on, and prove what held (ARGS="--jobs 10000 --faults 1000")
	@$(BIN)/python -m tests.chaos $(ARGS)

test-easyocr: $(VENV)-easyocr/made.stamp ## run the tests of EasyOCR in an environment of its own (several gigabytes)
	@$(VENV)-easyocr/bin/python -m pytest -p no:cacheprovider tests/unit/reading/test_easyocr.py $(ARGS)

object-storage: $(SWIFT)/made.stamp ## install the S3 server that the tests of the document storage talk to (Linux)

lock: $(UV) ## resolve the dependencies of pyproject.toml anew into the lock files (UPGRADE=1: to the newest)
	@for lock in requirements requirements-dev requirements-easyocr requirements-tesseract requirements-telemetry; do \
	  echo "Resolving $$lock.lock …"; \
	  case $$lock in \
	    requirements) only='' ;; \
	    *) only="--extra $${lock#requirements-} --constraints requirements.lock" ;; \
	  esac; \
	  UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile pyproject.toml $$only --output-file $$lock.lock --quiet \
	    --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	    $(if $(UPGRADE),--upgrade) || exit 1; \
	done
	@for pair in swift:object-storage supply:supply; do \
	  echo "Resolving requirements-$${pair%%:*}.lock …"; \
	  UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile --group "pyproject.toml:$${pair#*:}" \
	    --output-file "requirements-$${pair%%:*}.lock" --quiet --universal \
	    --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	    $(if $(UPGRADE),--upgrade) || exit 1; \
	done

$(UV): $(MADE)
	@$(BIN)/python -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq --disable-pip-version-check --no-input uv==0.13.9

# Beside the lock file of EasyOCR, what the tests need; both lock files agree on every version they share.
$(VENV)-easyocr/made.stamp: requirements-easyocr.lock requirements-dev.lock
	$(say) 'Installing EasyOCR, PyTorch and the tests into $(VENV)-easyocr (several gigabytes) …'
	@sh .ci/environment '$(PYTHON)' '$(VENV)-easyocr'
	@for lock in requirements-easyocr.lock requirements-dev.lock; do \
	  $(VENV)-easyocr/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps \
	    --require-hashes -r $$lock || exit 1; \
	done
	@touch $@

$(SWIFT)/made.stamp: requirements-swift.lock
	$(say) 'Installing OpenStack Swift into $(SWIFT), for the tests …'
	@sh .ci/environment '$(PYTHON)' '$(SWIFT)'
	@$(SWIFT)/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes \
	  -r requirements-swift.lock
	@touch $@

$(SUPPLY)/made.stamp: requirements-supply.lock
	$(say) 'Installing what checks the dependencies into $(SUPPLY) …'
	@sh .ci/environment '$(PYTHON)' '$(SUPPLY)'
	@$(SUPPLY)/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --require-hashes \
	  -r requirements-supply.lock
	@touch $@

$(MADE):
	@sh .ci/environment '$(PYTHON)' '$(VENV)'
	@touch $@

$(RUNTIME): requirements.lock $(MADE)
	$(say) 'Installing what the service needs (requirements.lock; a few minutes the first time) …'
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock $(MADE)
	$(say) 'Installing what the service, its tests and its checks need (requirements-dev.lock) …'
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $(RUNTIME) $@

$(EASYOCR): requirements-easyocr.lock $(MADE)
	$(say) 'Installing EasyOCR and PyTorch (requirements-easyocr.lock; several gigabytes) …'
	@$(PIP_INSTALL) -r requirements-easyocr.lock
	@touch $(RUNTIME) $@

$(TESSERACT): requirements-tesseract.lock $(MADE)
	$(say) 'Installing Tesseract (requirements-tesseract.lock) …'
	@$(PIP_INSTALL) -r requirements-tesseract.lock
	@touch $(RUNTIME) $@
