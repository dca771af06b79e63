"""The parts of the local Discord server; its face is `tests.fakes.discord_server`."""
