"""How it is run: plain functions, the command line, and Prefect flows over the same functions."""
