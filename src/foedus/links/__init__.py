"""Links to the outside: what other people's registers and tables call our things."""
