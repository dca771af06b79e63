"""The Telegram adapter: connects, fetches or is sent updates, and stops in order; its parts do the work."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.answering import Answering
from roadmap_bot.adapters.telegram.fetching import WANTED, Fetcher, Outage, Pauses, refused_token, unreachable
from roadmap_bot.adapters.telegram.groups import Managers, Membership
from roadmap_bot.adapters.telegram.handling import Handling
from roadmap_bot.adapters.telegram.pacing import Pacer
from roadmap_bot.adapters.telegram.project import register
from roadmap_bot.adapters.telegram.requests import FetchRequest, Flooded, Request
from roadmap_bot.adapters.telegram.sending import PLATFORM, Sender
from roadmap_bot.adapters.telegram.webhook import Webhook, secret_of
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.ports import Clock
from roadmap_bot.engine import Engine
from roadmap_bot.state.chats import Chats
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks
from roadmap_bot.state.updates import Updates

_log = logging.getLogger(__name__)
# More than the updates handled at once, each of which has at most one call under way.
_CONNECTIONS = 96
_CONNECT, _READ = 10.0, 20.0


class TelegramBot:
    """An adapter for one bot. Without a `webhook_url` it fetches updates, and `lock` keeps a second one from it.

    `per_second` is how many messages it sends in all; `pauses` are for tests.
    """

    name = "Telegram"

    def __init__(
        self,
        engine: Engine,
        *,
        token: str,
        api_url: str,
        per_second: int,
        webhook_url: str | None,
        webhook_listen: str,
        database: Database,
        now: Clock,
        lock: Path,
        pauses: Pauses = Pauses(),  # noqa: B008  # frozen
    ) -> None:
        self._engine = engine
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._per_second = per_second
        self._webhook_url = webhook_url
        self._webhook_listen = webhook_listen
        self._database = database
        self._now = now
        self._lock = lock
        self._pauses = pauses

    async def serve(self, stopping: asyncio.Event) -> None:
        """Serves until `stopping` is set, then finishes what is being answered."""
        with contextlib.nullcontext() if self._webhook_url else self._alone():
            async with self._connected(stopping) as (bot, fetching):
                if stopping.is_set():
                    return
                chats = Chats(self._database)
                sender = Sender(bot, chats, self._now)
                membership = Membership(self._engine, bot, sender, chats, self._now)
                managers = Managers(bot, asyncio.get_running_loop().time)
                answering = Answering(self._engine, bot, sender, managers, membership, self._now)
                updates = Updates(self._database, PLATFORM, str(bot.bot.id))
                handling = Handling(answering.handle, updates, self._now)
                described = asyncio.create_task(self._describe(bot))
                try:
                    if self._webhook_url:
                        await self._receive(bot, handling, stopping)
                    else:
                        await self._fetch(bot, fetching, handling, stopping)
                finally:
                    described.cancel()
                    await asyncio.gather(described, return_exceptions=True)
                    await handling.finish(0)

    async def _describe(self, bot: ExtBot[str]) -> None:
        """Registers menus and profile beside everything else; without them the bot answers all the same."""
        try:
            await register(self._engine, bot, Marks(self._database), self._now, pause=self._pauses.describe)
        except Exception:
            _log.exception("The menu of commands could not be set.")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps other processes of this machine from fetching with the same token."""
        lock = FileLock(self._lock)
        try:
            self._lock.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout:
            raise UserError(
                "Another roadmap-bot on this machine is already fetching for this Telegram token. Stop it, or give "
                "this one a token of its own."
            ) from None
        except OSError as error:
            raise UserError(
                "The lock {path} cannot be written ({reason}). Give the bot a folder it may write to.",
                path=self._lock,
                reason=error.strerror or type(error).__name__,
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextlib.asynccontextmanager
    async def _connected(self, stopping: asyncio.Event) -> AsyncIterator[tuple[ExtBot[str], FetchRequest]]:
        """A bot that Telegram has greeted, unless `stopping` came first; closed at the end."""
        fetching = FetchRequest(2, read_timeout=_READ, connect_timeout=_CONNECT)
        asking = Request(_CONNECTIONS, read_timeout=_READ, connect_timeout=_CONNECT, pool_timeout=_READ)
        try:
            try:
                bot = ExtBot(
                    self._token,
                    base_url=f"{self._api_url}/bot",
                    base_file_url=f"{self._api_url}/file/bot",
                    request=asking,
                    get_updates_request=fetching,
                    rate_limiter=Pacer(
                        self._per_second, clock=asyncio.get_running_loop().time, spacing=self._pauses.chat
                    ),
                )
            except InvalidToken:
                raise refused_token() from None
            try:
                await self._insist(bot.initialize, stopping)
                yield bot, fetching
            finally:
                await bot.shutdown()
        finally:
            await asyncio.gather(asking.shutdown(), fetching.shutdown())

    async def _insist(self, call: Callable[[], Awaitable[object]], stopping: asyncio.Event) -> None:
        """Makes a call until it succeeds or `stopping` is set; an outage is said once."""
        outage = Outage(self._pauses)
        while not stopping.is_set():
            try:
                await call()
            except InvalidToken:
                raise refused_token() from None
            except Flooded as error:
                pause = error.seconds
            except BadRequest:
                raise
            except TelegramError as error:
                pause = outage.failed(unreachable(error))
            else:
                return outage.over()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stopping.wait()
        return None

    async def _fetch(
        self, bot: ExtBot[str], request: FetchRequest, handling: Handling, stopping: asyncio.Event
    ) -> None:
        await self._insist(lambda: _without_webhook(bot), stopping)
        fetcher = Fetcher(bot, request, handling, self._pauses)
        _log.info("Connected to Telegram as @%s; fetching updates.", bot.bot.username)
        await _until(stopping, fetcher.run(stopping))
        await handling.finish(self._pauses.finish)
        await fetcher.confirm()

    async def _receive(self, bot: ExtBot[str], handling: Handling, stopping: asyncio.Event) -> None:
        webhook = Webhook(bot, handling, self._webhook_listen)
        await webhook.open()
        try:
            await self._insist(lambda: self._with_webhook(bot), stopping)
            _log.info("Connected to Telegram as @%s; updates are delivered.", bot.bot.username)
            await stopping.wait()
            webhook.refuse()
            await handling.finish(self._pauses.finish)
        finally:
            await webhook.close()

    async def _with_webhook(self, bot: ExtBot[str]) -> None:
        assert self._webhook_url
        try:
            await bot.set_webhook(self._webhook_url, secret_token=secret_of(self._token), allowed_updates=WANTED)
        except BadRequest as error:
            raise UserError(
                "Telegram does not take telegram.webhook.url ({reason}). Set it to a public https address.",
                reason=error.message,
            ) from error


async def _without_webhook(bot: ExtBot[str]) -> None:
    """Fetching is refused while a webhook is set; what waits at Telegram is kept."""
    if (await bot.get_webhook_info()).url:
        await bot.delete_webhook(drop_pending_updates=False)


async def _until(stopping: asyncio.Event, work: Awaitable[None]) -> None:
    """Works until `stopping` is set; an error of the work comes out at once."""
    task, stop = asyncio.ensure_future(work), asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
    finally:
        for one in (task, stop):
            one.cancel()
        await asyncio.gather(task, stop, return_exceptions=True)
