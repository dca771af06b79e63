"""Local servers that stand in for the chat platforms, for the real client libraries to talk to."""
