# `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help dev test torture mutants lint advisories fmt bench doc
CARGO := cargo

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

dev: ## Start the service on SQLite with development settings and replay the fixtures
	$(CARGO) run --locked -- dev

test: ## Run every test on both engines; what they need is found, or installed
	@tests/contract/install >/dev/null
	@tests/browser/install >/dev/null
	@tests/prometheus/install >/dev/null
	tests/postgres run $(CARGO) test --locked

torture: ## Run the long forms of the tests one by one, and print a table; TORTURE_SEED=N repeats one
	tests/postgres run tests/torture

mutants: ## Change the rules in one place after the other, and see a test fail each time; an hour
	tests/mutants

lint: ## Check format, lints, licences, duplicates, sources, the Dockerfile, and advisories where it can
	$(CARGO) fmt --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	@cargo deny --version >/dev/null 2>&1 || $(CARGO) install --locked --no-default-features cargo-deny
	$(CARGO) deny --locked check licenses bans sources
	.ci/hadolint
	@.ci/advisories || [ $$? = 2 ]

advisories: ## Look the dependencies up among known vulnerabilities; without a network it fails
	.ci/advisories

fmt: ## Format the code
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml

bench: ## Measure ingest on both engines; PEERS=FOLDER measures installed handlers beside it
	benches/ingest
	ENGINE=postgres benches/ingest

doc: ## Build the documentation; a broken link is an error
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
