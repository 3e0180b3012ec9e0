# make run                                             sets up what is missing, then opens the window
# make run PROMPT="a red apple on a blue background"   the same, but draws from the terminal
# make check                                           format, lint, types, layers
# make test                                            the whole suite
# make setup                                           only the set-up
# make bundle                                          one folder that runs without Python, and its archive, in dist/
# make bundle-test                                     tries that folder as a stranger would
# make screenshots                                     the pictures of the window in docs/screenshots, without a display
#
# ARGS adds options:  make run PROMPT="..." ARGS="--seed 7 --steps 30"    make test ARGS="-k sizes"

# Spinning OpenMP threads make a busy machine many times slower; read when torch is imported.
export OMP_WAIT_POLICY := PASSIVE

# The prompt reaches the shell through the environment and untouched by make, so that quotes, $ and ` stay letters.
ifneq ($(origin PROMPT),undefined)
unexport PROMPT
export SANA_DESKTOP_PROMPT := $(value PROMPT)
endif
ifneq ($(origin ARGS),undefined)
unexport ARGS
endif

.PHONY: run setup check test screenshots bundle bundle-test

run:
ifeq ($(origin PROMPT),undefined)
# Without a display there is nothing to set up for; the program says the same when it is started by its name.
	@if [ "$$(uname)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY$$QT_QPA_PLATFORM" ]; then \
		echo 'There is no display here for the window. To draw from the terminal: make run PROMPT="a red apple on a blue background"'; \
	else \
		sh scripts/setup.sh run && .venv/bin/sana-desktop gui $(value ARGS); \
	fi
else
	@sh scripts/setup.sh run
	@.venv/bin/sana-desktop generate $(value ARGS) -- "$$SANA_DESKTOP_PROMPT"
endif

setup:
	@sh scripts/setup.sh run

check:
	@sh scripts/setup.sh dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/pyright
	.venv/bin/lint-imports

# Two workers: torch takes about a gigabyte in each. The tests of one file share a worker and what it loaded.
test:
	@sh scripts/setup.sh dev
	.venv/bin/python -m pytest -n 2 --dist loadfile $(value ARGS)

screenshots:
	@sh scripts/setup.sh run
	.venv/bin/python scripts/screenshots.py $(value ARGS)

bundle:
	@sh scripts/setup.sh bundle
	.venv/bin/python -m bundling.make $(value ARGS)

# Not part of `make test`, which CI runs: building takes minutes and a gigabyte.
bundle-test:
	@sh scripts/setup.sh dev
	.venv/bin/python -m pytest -p no:xdist -m bundle tests/bundle $(value ARGS)
