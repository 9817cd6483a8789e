"""Free text to RedactedText. The only place that knows Presidio, spaCy and the models."""
