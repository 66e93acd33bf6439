"""Frozen nouns that everything else speaks in. Standard library only."""
