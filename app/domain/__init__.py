"""The rules, pure: no HTTP, SQL, files, clock or randomness."""
