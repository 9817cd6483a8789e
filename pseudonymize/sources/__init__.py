"""Vendor exports as streams of raw rows. Nothing here writes to a disk."""
