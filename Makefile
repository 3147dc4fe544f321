# The two commands: `make run` and `make test`. Both need Go and Node and fetch the rest by themselves, at pinned versions.

SHELL := /bin/sh
.DEFAULT_GOAL := help

SQLC     := go run github.com/sqlc-dev/sqlc/cmd/sqlc@v1.31.1
LINT     := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
TESTSUM  := go run gotest.tools/gotestsum@v1.13.0
BUF      := node_modules/.bin/buf
RESULTS  := .cache/test-results

# What `make gen` writes.
GENERATED := gen clients/ts/src/gen clients/ts/test/gen clients/ts/docs

# The tools need no C compiler; the machine may have none.
TOOL_ENV := CGO_ENABLED=0

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Serve on http://localhost:8080, with a Postgres of its own
	@exec ./bin/latchkey dev

.PHONY: build
build: web ## Build bin/latchkey, the pages in it
	go build -o bin/latchkey ./server/cmd/latchkey

# The pages, from the client as others get it. Neither is built again while nothing has changed.
WEB_SOURCES := $(shell find clients/web/src clients/web/public clients/web/scripts -type f) \
	$(addprefix clients/web/,index.html package.json vite.config.ts)
TS_SOURCES := $(shell find clients/ts/src -type f) $(addprefix clients/ts/,package.json tsconfig.json tsconfig.build.json)

.PHONY: web
web: clients/web/dist/index.html

clients/web/dist/index.html: node_modules/.package-lock.json clients/ts/dist/index.js $(WEB_SOURCES)
	npm run build --silent --workspace clients/web
	@touch $@

clients/ts/dist/index.js: node_modules/.package-lock.json $(TS_SOURCES)
	npm run build --silent --workspace clients/ts
	@touch $@

# All suites run, even if an earlier one fails, so that one report covers all of them.
.PHONY: test
test: ## Run every test, against a real Postgres, a real Redis and a real browser
	@$(MAKE) --no-print-directory --keep-going test-go test-ts test-web

# Tests wait more than they work, so more of them run at once than there are processors. Those that wait longest begin: a message
# of a killed server is sent again within a minute, and the test of it takes most of one.
SLOWEST := ./server/internal/notify ./server/internal/session ./server/cmd/latchkey ./server/internal/account

# Without vet: lint runs it.
.PHONY: test-go
test-go:
	@mkdir -p $(RESULTS)
	@sh server/internal/redistest/install.sh
	go run ./db/dbtest/withpostgres $(TESTSUM) --format pkgname-and-test-fails --junitfile $(RESULTS)/go.xml -- $(RACE) -vet=off -p 4 -parallel 8 -timeout 15m $(SLOWEST) ./...

# The client is run against the server.
.PHONY: test-ts
test-ts: node_modules/.package-lock.json build
	SERVER_BINARY=$(CURDIR)/bin/latchkey npm test --workspace clients/ts -- --reporter=default --reporter=junit --outputFile.junit=$(CURDIR)/$(RESULTS)/ts.xml

# The pages, over a server in memory, and in a real browser over the real one.
.PHONY: test-web
test-web: build
	SERVER_BINARY=$(CURDIR)/bin/latchkey npm test --workspace clients/web -- --reporter=default --reporter=junit --outputFile.junit=$(CURDIR)/$(RESULTS)/web.xml

# The short form of it is a part of test-go.
.PHONY: chaos
chaos: ## Kill server and Postgres under load, fill the disk and fail over; then look for what was acknowledged and is lost
	LATCHKEY_CHAOS=1 go test -count=1 -v -timeout 20m -run LongRun ./server/internal/ledgertest

# CI looks for data races as well, which takes twice as long: the detector needs cgo, and cgo a C compiler.
RACE := $(shell [ -n "$$CI" ] && command -v "$$(go env CC | cut -d' ' -f1)" >/dev/null 2>&1 && [ "$$(go env CGO_ENABLED)" = 1 ] && echo -race)

.PHONY: check
check: check-gen check-proto lint ## Generated code is current, the contract is sound, the code is clean

.PHONY: lint
lint: node_modules/.package-lock.json clients/ts/dist/index.js ## Look at format, types and what the linters say
	$(TOOL_ENV) $(LINT) run
	cd tools && go vet ./...
	npm run check --workspace clients/ts
	npm run check --workspace clients/web

.PHONY: format
format: node_modules/.package-lock.json ## Format everything
	$(TOOL_ENV) $(LINT) fmt
	$(BUF) format -w proto
	npm run format --workspace clients/ts
	npm run format --workspace clients/web

.PHONY: check-proto
check-proto: node_modules/.package-lock.json .cache/proto
	$(BUF) lint
	$(BUF) format --diff --exit-code proto

# Regenerated in place: what git then sees differs from what was committed.
.PHONY: check-gen
check-gen: gen
	@changed="$$(git status --porcelain -- $(GENERATED))"; \
	if [ -n "$$changed" ]; then \
		echo "Generated code is not current. Run 'make gen' and commit:"; echo "$$changed"; exit 1; \
	fi

.PHONY: gen
gen: node_modules/.package-lock.json .cache/proto ## Generate Go, SQL and TypeScript code from the contract, the queries and the schema, and the client's reference
	$(BUF) generate
	$(TOOL_ENV) $(SQLC) generate
	npm run docs --workspace clients/ts

# protovalidate's rules, printed from the descriptor in its Go module. The version is the server's: tools/go.mod and go.mod
# have to agree.
.cache/proto: tools/go.mod tools/printproto/main.go go.mod
	@server="$$(go list -m -f '{{.Version}}' buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go)"; \
	tool="$$(cd tools && go list -m -f '{{.Version}}' buf.build/gen/go/bufbuild/protovalidate/protocolbuffers/go)"; \
	if [ "$$server" != "$$tool" ]; then \
		echo "tools/go.mod has protovalidate $$tool, go.mod has $$server: make them agree"; exit 1; \
	fi
	cd tools && go run ./printproto ../.cache/proto
	@touch .cache/proto

# npm writes this file last.
node_modules/.package-lock.json: package.json clients/ts/package.json clients/web/package.json package-lock.json
	npm ci
	@touch $@

.PHONY: clean
clean: ## Remove what was built and fetched; the data of `make run` stays
	rm -rf bin .cache node_modules
