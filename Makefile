# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
#
# Every target sets up what it needs by itself. State is under .local, downloads are
# in the user's cache folder; PYTHON=... names another Python 3.11.

IS_311 = import sys; sys.exit(sys.version_info[:2] != (3, 11))
PYTHON ?= $(shell for p in python3.11 python3 /usr/bin/python3.11; do \
	"$$p" -c '$(IS_311)' 2>/dev/null && echo "$$p" && exit; done; echo python3)
RD = @$(PYTHON) scripts/rd
# the environment is the system's Python unless another one is given
ifneq ($(findstring $(origin PYTHON),command line environment),)
export RD_PYTHON = $(PYTHON)
endif
# only where it is given to make: some shells keep a HOST of their own
ifeq ($(origin HOST),command line)
export RD_HOST = $(HOST)
endif

.PHONY: help setup demo serve stop shell test test-nightly lint bench bench-full accuracy \
	i18n i18n-check readme screenshots clean clean-all
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | \
		sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1|\2/' | \
		while IFS='|' read -r t d; do printf '%-20s %s\n' "$$t" "$$d"; done

setup:  ## Odoo 19, Python packages, browser, fonts, private PostgreSQL
	$(RD) setup

demo:  ## set up, load the demo company and leave it serving
	$(RD) demo

serve:  ## start the server on the demo company (RD_PORT; HOST=0.0.0.0 for phones)
	$(RD) serve

stop:  ## stop the server and the databases
	$(RD) stop

shell:  ## Odoo's shell on the demo company
	$(RD) shell

test:  ## every test of a commit
	$(RD) test

test-nightly:  ## the heavy tests too
	$(RD) test-nightly

lint:  ## ruff, pylint-odoo and the project's own static checks
	$(RD) lint

bench:  ## speed, as ratios inside one run (table and .local/bench.json)
	$(RD) bench

bench-full:  ## the same at full volume
	$(RD) bench-full

accuracy:  ## how much of 40 generated ledgers is matched and named rightly
	$(RD) accuracy

i18n:  ## export the terms and bring the translations up to date
	$(RD) i18n

i18n-check:  ## fail when a term is not translated
	$(RD) i18n --check

readme:  ## the add-ons' description pages, from their readme fragments
	$(RD) readme

screenshots:  ## pictures of the screens
	$(RD) screenshots

clean:  ## remove .local (server and databases too)
	$(RD) clean

clean-all:  ## remove .local and the downloads
	$(RD) clean-all
