"""What every command that works on a vault does: open it, look at it, decide, write, flag.

Between the commands and the edge, the dialects and the rules, which do not know one another.
"""
