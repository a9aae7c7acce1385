# `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help dev test torture mutants lint advisories fmt bench doc
CARGO := cargo

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

dev: ## Start the service on SQLite with development settings and replay the fixtures
	$(CARGO) run --locked -- dev

# Most tests wait for timers or other processes, so that more of them than cores can run at once.
test: ## Run all tests on both engines, and install missing test tools
	@tests/contract/install >/dev/null
	@tests/pgbouncer install >/dev/null
	@tests/browser/install >/dev/null
	@tests/examples/install
	@tests/clients/install all >/dev/null
	@tests/prometheus/install >/dev/null
	@tests/helm/install >/dev/null
	RUST_TEST_THREADS=$${RUST_TEST_THREADS:-$$((3 * $$(nproc)))} tests/postgres run $(CARGO) test --locked

torture: ## Run the long stress tests and print a table; TORTURE_SEED=N repeats a run
	tests/postgres run tests/torture

mutants: ## Run mutation tests of the rules and the decoder; takes an hour
	tests/mutants

lint: ## Check format, lints, licenses, Dockerfile, workflows and, if online, advisories
	$(CARGO) fmt --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	@cargo deny --version >/dev/null 2>&1 || \
		$(CARGO) install --locked --debug --no-default-features cargo-deny
	$(CARGO) deny --locked check licenses bans sources
	.ci/hadolint
	.ci/workflows
	@.ci/advisories || [ $$? = 2 ]

advisories: ## Check the dependencies for known vulnerabilities; requires a network
	.ci/advisories

fmt: ## Format the code
	$(CARGO) fmt
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml

# Each script describes its settings at the top, such as SYSTEMS, HANDLERS, OF, NAMES and DURATION.
bench: ## Compare ingest with simpler handlers on both engines; takes about 35 minutes
	@echo "1 of 4. Closed loop on SQLite: 1, 64 and 256 connections, each of which sends its next"
	@echo "event after the response. About 5 minutes."
	@benches/ingest
	@echo
	@echo "2 of 4. Closed loop on PostgreSQL. About 5 minutes."
	@ENGINE=postgres benches/ingest
	@echo
	@echo "3 of 4. Open loop on SQLite: events arrive at a fixed rate. The highest rate with a p99"
	@echo "of at most 100 ms, and the latencies at half of it. About 4 minutes for each system."
	@benches/open-loop
	@echo
	@echo "4 of 4. Open loop on PostgreSQL. About 4 minutes for each system."
	@ENGINE=postgres benches/open-loop
	@echo
	@echo "docs/performance.md explains the tables. target/bench/ has all measurements."

doc: ## Build the API documentation and fail on broken links
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
