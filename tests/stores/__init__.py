"""Real triple stores for the tests."""
