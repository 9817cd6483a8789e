"""Numbers and trends from de-identified responses; nothing here can name a person."""
