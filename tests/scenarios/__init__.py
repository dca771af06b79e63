"""Whole conversations: `roadmap-bot run` as its own process, real client libraries, servers that speak as they do."""
