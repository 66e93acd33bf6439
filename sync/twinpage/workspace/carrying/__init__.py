"""A pass: which side of each twin changed, and carrying that over to the other."""
