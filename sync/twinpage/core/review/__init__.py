"""Reviews of a model: what to make of two states of it, and how to tell it within a limit."""
