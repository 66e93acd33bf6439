"""What leaves the disk, and how it comes back."""
