"""OpenAPI documents in, operations and problems out; no I/O but reading the documents."""
