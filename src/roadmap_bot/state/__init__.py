"""What people set and do, in a database that changes: nothing of the roadmap itself, which is the catalogue's."""
