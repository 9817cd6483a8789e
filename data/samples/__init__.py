"""Exports of invented people: a seeded generator, and the files it made."""
