"""What the tests share: homes, exports of invented people, and ways to look at what is left."""
