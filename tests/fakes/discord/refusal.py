"""How the REST server says no: a status with Discord's error code and sentence.

Codes: Discord API docs, Opcodes and Status Codes: JSON.
"""

from __future__ import annotations

from tests.fakes.discord.checks import Problems

CODES = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    40033: (400, "This message has already been crossposted"),
    40058: (400, "Cannot send a message in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow-up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160002: (403, "Cannot reply without permission to read message history"),
    160004: (400, "A thread has already been created for this message"),
    520003: (400, "Cannot edit a poll message"),
    520006: (400, "Cannot expire a non-poll message"),
}


class Refusal(Exception):
    """A request that is answered with an error; `problems` are set where a rule was broken."""

    def __init__(self, code: int, *, problems: Problems | None = None, status: int | None = None) -> None:
        usual, sentence = CODES[code]
        super().__init__(sentence)
        self.status = status or usual
        self.problems = problems
        self.body = {"message": sentence, "code": code} | ({"errors": problems.tree()} if problems else {})

    @property
    def lines(self) -> tuple[str, ...]:
        """What the rules found."""
        return self.problems.lines() if self.problems else ()


def refuse_if(problems: Problems) -> None:
    """Refuses a request in which the rules found something."""
    if problems:
        raise Refusal(50035, problems=problems)
