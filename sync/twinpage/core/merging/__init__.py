"""Three versions of a value become one, or a conflict; deciding which side of a twin speaks."""
