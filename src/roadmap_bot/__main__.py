"""The command `roadmap-bot`, also as `python -m roadmap_bot`."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """Runs the command line and leaves with its exit status."""
    if "run" in sys.argv[1:]:
        # A bot may be stopped while its libraries are still being loaded, before anything listens for signals.
        signal.signal(signal.SIGTERM, _stopped)
        signal.signal(signal.SIGINT, _stopped)
    try:
        from roadmap_bot.cli import run

        status = run()
    except KeyboardInterrupt:
        # Pressed while the modules were still being loaded.
        status = 130
    sys.exit(status)


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
