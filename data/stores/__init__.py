"""The places where de-identified data is kept. A store never decides how long; `governance` does."""
