# `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help dev test torture lint fmt bench doc
CARGO := cargo

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

dev: ## Start the service on SQLite with development settings and replay the fixtures
	$(CARGO) run --locked -- dev

test: ## Run every test on both engines; what they need is found, or installed
	@tests/contract/install >/dev/null
	tests/postgres run $(CARGO) test --locked

torture: ## Run the long forms of the tests that docs/reliability.md describes
	TORTURE_SETS=1000 TORTURE_ORDERS=10 TORTURE_CYCLES=300 tests/postgres run $(CARGO) test --locked --test it -- \
		--nocapture convergence torture store::statements

lint: ## Check format, lints, licences, duplicated dependencies, sources and the Dockerfile
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	@cargo deny --version >/dev/null 2>&1 || $(CARGO) install --locked --no-default-features cargo-deny
	$(CARGO) deny --locked check licenses bans sources
	.ci/hadolint

fmt: ## Format the code
	$(CARGO) fmt

bench: ## Measure ingest; PEER=FOLDER measures an installed Express handler beside it
	benches/ingest

doc: ## Build the documentation; a broken link is an error
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
