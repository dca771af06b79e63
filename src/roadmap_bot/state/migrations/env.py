"""Alembic's way in: runs the steps on the connection it was handed, inside the transaction that one is in.

Alembic runs this file; nobody imports it.
"""

from __future__ import annotations

from alembic import context

from roadmap_bot.state.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
context.run_migrations()
