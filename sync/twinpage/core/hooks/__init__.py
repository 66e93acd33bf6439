"""Files and scripts of git hooks, as text."""
