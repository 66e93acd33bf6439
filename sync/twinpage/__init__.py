"""twinpage keeps the notes of a business model and its artifact files in step."""

__version__ = "0.1.0"
