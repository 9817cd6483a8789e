"""Training of the name recognisers whose weights lie in `pseudonymize/redaction/models`."""
