"""The command `roadmap-bot`, also as `python -m roadmap_bot`."""

from __future__ import annotations

import sys

from roadmap_bot import early


def main() -> None:
    """Runs the command line and leaves with its exit status."""
    if "run" in sys.argv[1:]:
        early.listen()
    try:
        from roadmap_bot.cli import run

        status = run()
    except KeyboardInterrupt:
        # Pressed while the modules were still being loaded.
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
