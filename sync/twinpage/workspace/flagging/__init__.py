"""What the rules say of an open vault, the note that lists it, and mending what can be mended."""
