"""The platforms' own published descriptions as judges of what the bot sends; they lie outside the repository."""
