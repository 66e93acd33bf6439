"""What a repository needs from us, and what it lacks."""
