# Everything starts here: `make run` and `make test` do all that they need, on a fresh clone too. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test check train clean pictures setup setup-tests \
	bench-turn bench-channels bench-desk bench-held-out bench-footprint bench-guessing bench-intents bench-nlu-threshold bench-search-threshold
PYTEST_OPTIONS ?= -n 2 --dist loadgroup

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-24s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup  ## the whole system, then its addresses; Ctrl-C ends it
	@exec .venv/bin/motcua run

test: setup-tests  ## all tests, on SQLite and PostgreSQL, with the real processes and a real browser
	@exec .venv/bin/pytest $(PYTEST_OPTIONS)

check: setup-tests  ## lint and types
	@.venv/bin/ruff check
	@.venv/bin/pyright

train: setup  ## Rasa's model, if the training data is newer than it
	@exec .venv/bin/motcua train

pictures: setup-tests  ## the README's pictures, from a running system
	@.venv/bin/python -m docs.pictures.take

bench-turn: setup-tests  ## milliseconds of a turn through all three processes; turn 200 beside turn 5
	@.venv/bin/python -m bench.turn

bench-channels: setup-tests  ## SMS under load with everything going wrong at once, then each app: lost, doubled, how fast; about 15 minutes
	@.venv/bin/python -m bench.channels

bench-desk: setup-tests  ## a busy day at the desk: 200 agents, 2,000 conversations, cut networks; about 15 minutes
	@.venv/bin/python -m bench.desk

bench-held-out: setup-tests  ## the held-out questions, end to end: right answers and rightly declined
	@.venv/bin/python -m bench.held_out

bench-footprint: setup-tests  ## memory, disk, seconds of a second start
	@.venv/bin/python -m bench.footprint

bench-guessing: setup-tests  ## what a guesser of proofs could learn from time
	@.venv/bin/python -m bench.guessing

bench-intents: setup  ## intent accuracy, 5-fold, with and without diacritics
	@bot/rasa/.venv/bin/python -W ignore bench/intents.py

bench-nlu-threshold: setup  ## where the classifier should decline
	@bot/rasa/.venv/bin/python -W ignore bench/nlu_threshold.py

bench-search-threshold: setup-tests  ## where the search should decline; reads ../shared/data
	@.venv/bin/python -m bench.search_threshold

clean:  ## removes both environments, fetched tools and trained models; keeps var/, which holds conversations
	rm -rf .venv bot/rasa/.venv .tools models .rasa .pytest_cache .ruff_cache

setup:
	@sh motcua/setup.sh

setup-tests:
	@sh motcua/setup.sh --tests
