"""The steps, one file each and never changed once released; `docs/adr/0009-state.md` says how to write the next."""
