"""How a state of any earlier version becomes one of this version, step by step with Alembic."""
