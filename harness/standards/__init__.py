"""Values that a standard, not a party, defines."""
