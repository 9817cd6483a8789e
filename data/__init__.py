"""What is kept, and where: records, stores, the clock and the errors. Imports nothing of ours."""
