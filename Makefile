# Everything starts here: `make run` and `make test` do all that they need, on a fresh clone too. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test check train clean setup setup-tests
PYTEST_OPTIONS ?= -n 2 --dist loadgroup

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup  ## the whole system, then its addresses; Ctrl-C ends it
	@exec .venv/bin/motcua run

test: setup-tests  ## all tests, on SQLite and PostgreSQL, with the real processes and a real browser
	@exec .venv/bin/pytest $(PYTEST_OPTIONS)

check: setup-tests  ## lint and types
	@.venv/bin/ruff check
	@.venv/bin/pyright

train: setup  ## Rasa's model, if the training data is newer than it
	@exec .venv/bin/motcua train

clean:  ## removes both environments, fetched tools and trained models; keeps var/, which holds conversations
	rm -rf .venv bot/rasa/.venv .tools models .rasa .pytest_cache .ruff_cache

setup:
	@sh motcua/setup.sh

setup-tests:
	@sh motcua/setup.sh --tests
