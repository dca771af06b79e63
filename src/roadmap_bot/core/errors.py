"""Errors that own the sentence a person sees; everything else that is raised is a defect of ours.

Exception
└── UserError            something a person can mend: its sentence says what happened and what to do next
    ├── NotFound         a reference that leads nowhere (an old button, an unknown section)
    └── BadToken         an action token that this version did not write
"""

from __future__ import annotations


class UserError(Exception):
    """Something a person can mend. `sentence` is complete and ends with what they can do next.

    What changes in a sentence is named and given apart, `UserError("No “{name}” here.", name=text)`, so that it can be
    said in another language: `template` and `values` are for the translator, `sentence` is the English of it.
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        self.template = sentence
        self.values = values
        self.sentence = sentence.format(**values) if values else sentence
        super().__init__(self.sentence)


class NotFound(UserError):
    """A reference that leads nowhere: an old button, an unknown section."""


class BadToken(UserError):
    """An action token that this version of the bot did not write."""

    def __init__(self) -> None:
        super().__init__("This button is from another time and no longer works. Ask again and press the new one.")
