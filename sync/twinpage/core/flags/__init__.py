"""Rules, what they find, and how findings are accepted, silenced and listed."""
