"""What rules may ask about a vault, and where each name, mention and id stands."""
