"""Conflicts as data, shown to people, and what they chose."""
