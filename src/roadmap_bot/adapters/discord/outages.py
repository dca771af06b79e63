"""What the library raises when Discord cannot be reached: it lets the errors of its HTTP client through as they are."""

from __future__ import annotations

from typing import Final

import aiohttp

CUT_OFF: Final = (OSError, aiohttp.ClientError)
"""A connection that was refused, cut or too slow; whether a request arrived is not known."""
