"""What is remembered between runs, in SQLite."""
