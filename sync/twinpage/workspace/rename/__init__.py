"""Another id for an artifact, everywhere at once or nowhere."""
