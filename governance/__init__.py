"""What is allowed. Decides; performs nothing but recorded deletions."""
