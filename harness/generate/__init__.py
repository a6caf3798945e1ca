"""Values that are valid by a schema, realistic values, and payloads that break one clause."""
