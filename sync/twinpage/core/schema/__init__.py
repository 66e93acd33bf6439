"""Kinds as their schemas tell them, and what a value has wrong."""
