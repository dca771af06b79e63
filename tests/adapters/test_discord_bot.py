"""The bot on Discord: the real client against a local server, from the first connection to an orderly end."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.checked import look_over
from tests.fakes.discord_server import DiscordServer

from roadmap_bot.adapters.discord import DiscordBot, bot
from roadmap_bot.app import make_engine
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.config import ChatSettings, Settings
from roadmap_bot.core.action import Action, encode
from roadmap_bot.core.command import Command, Request
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.engine import Engine
from roadmap_bot.features import COMMANDS
from roadmap_bot.features.context import Context
from roadmap_bot.state.chats import Chats
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks
from roadmap_bot.translations import speech

NEW_MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES = 4, 5, 6, 7, 8
EPHEMERAL = 1 << 6
FIND = "Find on the roadmap"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
Json = dict[str, Any]


@pytest.fixture
def discord() -> Iterator[DiscordServer]:
    """A Discord on which nothing may be refused, unless the test takes care of it."""
    with DiscordServer() as server:
        yield server
        look_over(server)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Gives the library back the addresses and loggers that serving changes for the whole process."""
    loggers = [logging.getLogger(name) for name in bot._TALKATIVE]
    levels = [logger.level for logger in loggers]
    route, socket = bot.Route.BASE, bot.DiscordWebSocket.DEFAULT_GATEWAY
    yield
    bot.Route.BASE, bot.DiscordWebSocket.DEFAULT_GATEWAY = route, socket
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """The state of one bot."""
    with Database.open(f"sqlite:///{tmp_path / 'state.sqlite'}") as opened:
        yield opened


Made = Callable[..., Engine]


@pytest.fixture
def made(bundled: Catalogue, database: Database) -> Made:
    """Makes the engine of a bot: `made(*more commands, page_size=8)`."""

    def make(*more: Command[Context], page_size: int = 8, commands: tuple[Command[Context], ...] = COMMANDS) -> Engine:
        settings = Settings(chat=ChatSettings(page_size=page_size))
        engine = make_engine(settings, bundled, commands=(*commands, *more), chats=Chats(database))
        return Engine(replace(engine.context, chance=lambda _: 0), speech)

    return make


class Serving:
    """A bot in a thread with a loop of its own."""

    def __init__(self, discord: DiscordServer, engine: Engine, database: Database, token: str | None = None) -> None:
        self._bot = DiscordBot(
            engine,
            token=token or discord.token,
            api_url=discord.api_url,
            gateway_url=discord.gateway_url,
            marks=Marks(database),
            now=lambda: datetime.now(UTC),
        )
        self._begun = threading.Event()
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="bot")
        self._thread.start()
        assert self._begun.wait(5)

    def _run(self) -> None:
        async def main() -> None:
            self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
            self._begun.set()
            await self._bot.serve(self._stopping)
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            assert left == []

        try:
            asyncio.run(main())
        except BaseException as error:  # the test wants to see it, whatever it is
            self.error = error

    def stop(self) -> None:
        """Tells the bot to stop, without waiting for it."""
        self._loop.call_soon_threadsafe(self._stopping.set)

    def ended(self, seconds: float = 10) -> BaseException | None:
        """Waits for the end and gives what it ended with."""
        self._thread.join(seconds)
        assert not self._thread.is_alive()
        return self.error


@contextmanager
def serving(
    discord: DiscordServer, engine: Engine, database: Database, *, registered: bool = True, ready: bool = True
) -> Iterator[Serving]:
    """A bot that is connected and has registered its commands."""
    running = Serving(discord, engine, database)
    try:
        if ready:
            discord.wait_ready()
        if registered:
            discord.wait_request("PUT", "/commands")
        yield running
    finally:
        if running._thread.is_alive():
            running.stop()
        error = running.ended()
    assert error is None, repr(error)


Bot = tuple[DiscordServer, Serving]


@pytest.fixture
def live(discord: DiscordServer, made: Made, database: Database) -> Iterator[DiscordServer]:
    """A Discord with the bot on it."""
    with serving(discord, made(), database):
        yield discord


def every(components: list[Json]) -> Iterator[Json]:
    """All components of a message, the nested ones too."""
    for one in components:
        yield one
        yield from every(one.get("components", []))
        yield from every([one["accessory"]] if "accessory" in one else [])


def text(message: Json) -> str:
    """The Markdown of a message."""
    return "\n".join(one["content"] for one in every(message["components"]) if one["type"] == 10)


def only(answers: list[Any]) -> Json:
    """The message that the first answer to an interaction showed."""
    message = answers[0].message
    assert message is not None
    return message  # type: ignore[no-any-return]


def is_private(message: Json) -> bool:
    """Whether Discord shows a message to one person alone."""
    return bool(message["flags"] & EPHEMERAL)


def buttons(message: Json) -> dict[str, str]:
    """The tokens of the buttons of a message by their labels, the last of each label."""
    parts = [one for one in every(message["components"]) if one["type"] == 2 and "custom_id" in one]
    return {one["label"]: one["custom_id"] for one in parts}


# --- asking ----------------------------------------------------------------------------------------------------------


def test_a_slash_command_is_answered_in_place_for_all_to_see(live: DiscordServer) -> None:
    asked = live.slash("ask", {"query": "LoRA"})
    reply = live.wait_reply(asked)
    assert "LoRA: Low-Rank Adaptation" in text(reply)
    assert not reply["ephemeral"]
    (answer,) = live.responses(asked)
    assert (answer.kind, answer.type) == ("callback", NEW_MESSAGE)
    assert answer.seconds < 2


def test_nothing_that_is_sent_mentions_anybody(live: DiscordServer) -> None:
    live.wait_reply(live.slash("ask", {"query": "@everyone <@1234567890>"}))
    live.say("@here LoRA", mention_bot=True)
    live.wait_message(count=1)
    message = live.wait_reply(live.slash("search", {"query": "diffusion models"}))
    live.wait_response(live.press(message["id"], buttons(message)["More"]))
    sent = [one.body for one in live.requests(method="POST") if one.body]
    sent = [body.get("data", body) for body in sent]
    assert len(sent) == 4
    assert all(body["allowed_mentions"]["parse"] == [] for body in sent)


def test_options_are_typed_and_may_be_left_out(live: DiscordServer) -> None:
    second = live.wait_reply(live.slash("search", {"query": "diffusion models", "page": 2}))
    assert re.search(r"9–\d+ of \d+", text(second))
    assert "Generative AI Roadmap" in text(live.wait_reply(live.slash("browse")))
    assert "Diffusion Models" in text(live.wait_reply(live.slash("browse", {"name": "diffusion"})))


def test_each_reader_is_answered_in_their_language(live: DiscordServer) -> None:
    assert CHINESE.search(text(live.wait_reply(live.slash("about", locale="zh-CN"))))
    assert not CHINESE.search(text(live.wait_reply(live.slash("about", locale="fr"))))


@pytest.mark.parametrize(
    ("command", "options"), [("help", {}), ("ask", {"query": " "}), ("section", {"name": "zzzqq"})]
)
def test_what_concerns_the_asker_alone_is_ephemeral(live: DiscordServer, command: str, options: Json) -> None:
    assert live.wait_reply(live.slash(command, options))["ephemeral"]
    assert not live.wait_reply(live.slash(command, options, guild=None))["ephemeral"]


def test_completion_offers_ids_under_titles(live: DiscordServer) -> None:
    (answer,) = live.wait_response(live.autocomplete("paper", {"title": "lor"}, "title"))
    assert answer.type == CHOICES
    assert answer.data["choices"][0]["value"] == "lora"
    chinese = live.autocomplete("help", {"command": ""}, "command", locale="zh-CN")
    assert CHINESE.search(live.wait_response(chinese)[0].data["choices"][0]["name"])
    assert live.wait_response(live.autocomplete("search", {"query": ""}, "query"))[0].data["choices"]


def test_a_message_is_looked_up_from_its_menu(live: DiscordServer) -> None:
    said = live.say("LoRA", user=live.other_user_id)
    assert "Low-Rank" in text(live.wait_reply(live.message_command(FIND, said)))
    empty = live.say("  ", user=live.other_user_id)
    reply = live.wait_reply(live.message_command(FIND, empty, locale="zh-CN"))
    assert reply["ephemeral"]
    assert text(reply)


def test_it_works_where_only_its_user_installed_it(live: DiscordServer) -> None:
    reply = live.wait_reply(live.slash("ask", {"query": "LoRA"}, user_install=True))
    assert "LoRA" in text(reply)
    similar = live.wait_response(live.press(reply["id"], buttons(reply)["Similar"]))
    assert "Similar to" in text(only(similar))


# --- messages --------------------------------------------------------------------------------------------------------


def test_a_mention_with_words_is_a_question(live: DiscordServer) -> None:
    asked = live.say("LoRA", mention_bot=True)
    (reply,) = live.wait_message()
    assert "Low-Rank" in text(reply)
    assert reply["message_reference"]["message_id"] == asked
    (sent,) = live.requests(method="POST", path="/messages")
    assert sent.body["allowed_mentions"]["replied_user"] is False


def test_a_mention_alone_gets_a_welcome_and_a_commands_name_that_command(live: DiscordServer) -> None:
    live.say("", mention_bot=True)
    assert "Welcome" in text(live.wait_message()[0])
    live.say("browse", mention_bot=True)
    assert "Generative AI Roadmap" in text(live.wait_message(count=2)[-1])
    live.say("/frobnicate", mention_bot=True)
    assert "There is no command" in text(live.wait_message(count=3)[-1])


def test_only_what_is_meant_for_the_bot_is_answered(live: DiscordServer) -> None:
    live.say("LoRA", mention_bot=True)
    (answer,) = live.wait_message()
    live.say("LoRA is good")
    live.say("LoRA, thanks", reply_to=answer["id"])
    robot = live.add_user("robot")
    live.call(_make_bot, live, robot)
    live.add_member(live.guild_id, robot)
    live.say("LoRA", mention_bot=True, user=robot)
    live.say("ZeRO", mention_bot=True)
    assert "ZeRO" in text(live.wait_message(count=2)[-1])
    assert len(live.wait_message()) == 2


async def _make_bot(discord: DiscordServer, user: str) -> None:
    discord.state.world.users[user]["bot"] = True


def test_a_direct_message_is_read_like_a_typed_line(live: DiscordServer) -> None:
    for number, (line, expected) in enumerate(
        [
            ("LoRA", "Low-Rank"),
            ("/paper latent-diffusion", "Latent Diffusion"),
            ("help", "What you can do"),
            ("word " * 700, ""),
        ],
        1,
    ):
        live.direct_message(line)
        assert expected in text(live.wait_message(live.dm_id, number)[-1])


def test_a_mention_is_answered_in_the_language_of_the_server(live: DiscordServer) -> None:
    guild = live.add_guild("学习小组", locale="zh-CN")
    channel = next(one["id"] for one in live.state.world.channels_of(guild))
    live.say("", mention_bot=True, channel=channel)
    assert CHINESE.search(text(live.wait_message(channel)[0]))


def test_where_it_may_not_write_it_is_silent_and_says_so_once(
    live: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    live.overwrite(deny=1 << 11)
    with caplog.at_level(logging.INFO):
        for number in (1, 2):
            live.say("LoRA", mention_bot=True)
            live.wait_request("POST", "/messages", number)
        live.wait_reply(live.slash("ask", {"query": "LoRA"}))
    assert len([line for line in caplog.messages if "could not be sent" in line]) == 1
    assert not [line for line in caplog.messages if "LoRA" in line]


# --- pressing --------------------------------------------------------------------------------------------------------


def test_a_press_in_a_channel_is_answered_to_the_presser_alone(live: DiscordServer) -> None:
    message = live.wait_reply(live.slash("ask", {"query": "LoRA"}))
    users = [live.user_id, live.other_user_id]
    for user in users:
        live.wait_reply(live.press(message["id"], buttons(message)["Similar"], user=user))
    before, *copies = live.messages()
    assert before == message
    assert [one["ephemeral_for"] for one in copies] == users


def test_a_press_in_a_direct_conversation_is_answered_openly(live: DiscordServer) -> None:
    live.direct_message("LoRA")
    (message,) = live.wait_message(live.dm_id)
    (answer,) = live.wait_response(live.press(message["id"], buttons(message)["Similar"]))
    assert answer.type == NEW_MESSAGE
    assert not is_private(only([answer]))


def test_a_page_takes_the_place_of_the_list_of_whoever_asked(live: DiscordServer) -> None:
    message = live.wait_reply(live.slash("search", {"query": "diffusion models"}))
    (answer,) = live.wait_response(live.press(message["id"], buttons(message)["More"]))
    assert answer.type == UPDATE
    (turned,) = live.messages()
    assert turned["id"] == message["id"]
    assert "9–" in text(turned)
    live.wait_response(live.press(message["id"], buttons(turned)["Back"]))
    assert "1–8" in text(live.messages()[0])


def test_a_stranger_turns_the_pages_of_a_copy(live: DiscordServer) -> None:
    message = live.wait_reply(live.slash("search", {"query": "diffusion models"}))
    pressed = live.press(message["id"], buttons(message)["More"], user=live.other_user_id)
    copy = live.wait_reply(pressed)
    assert copy["ephemeral_for"] == live.other_user_id
    assert live.messages()[0] == message
    (answer,) = live.wait_response(live.press(copy["id"], buttons(copy)["Back"]))
    assert answer.type == UPDATE
    assert [one["id"] for one in live.messages()] == [message["id"], copy["id"]]


def test_the_pages_of_an_answered_mention_are_the_askers(live: DiscordServer) -> None:
    live.say("/search diffusion models", mention_bot=True)
    (message,) = live.wait_message()
    pressed = live.press(message["id"], buttons(message)["More"], user=live.other_user_id)
    assert live.wait_response(pressed)[0].type == NEW_MESSAGE
    assert live.wait_response(live.press(message["id"], buttons(message)["More"]))[0].type == UPDATE


def test_a_choice_from_a_menu_opens_what_was_chosen(discord: DiscordServer, made: Made, database: Database) -> None:
    with serving(discord, made(page_size=50), database):
        message = discord.wait_reply(discord.slash("section", {"name": "lmm-models-open"}))
        menu = next(one for one in every(message["components"]) if one["type"] == 3)
        option = menu["options"][-1]
        chosen = discord.select(message["id"], menu["custom_id"], [option["value"]])
        opened = only(discord.wait_response(chosen))
        assert is_private(opened)
        assert option["label"][:20] in re.sub(r"\\", "", text(opened))


def test_an_old_button_works_on_a_new_bot(discord: DiscordServer, made: Made, database: Database) -> None:
    with serving(discord, made(), database):
        message = discord.wait_reply(discord.slash("search", {"query": "diffusion models"}))
    with serving(discord, made(), database, registered=False):
        (answer,) = discord.wait_response(discord.press(message["id"], buttons(message)["Open"]))
        assert answer.type == NEW_MESSAGE
        (answer,) = discord.wait_response(discord.press(message["id"], buttons(message)["More"]))
        assert answer.type == UPDATE


@pytest.mark.parametrize("token", ["evil", "1_quit_now", "2_paper_lora", "x!y <@1>", "1_paper_" + "a" * 90, "🪁"])
def test_a_forged_or_foreign_button_gets_a_kind_answer(live: DiscordServer, token: str) -> None:
    message = live.wait_reply(live.slash("ask", {"query": "LoRA"}))
    (answer,) = live.wait_response(live.press_forged(token, message["id"]))
    assert answer.type == NEW_MESSAGE
    assert is_private(only([answer]))
    assert text(only([answer]))


def test_only_those_who_manage_a_server_set_its_language(live: DiscordServer) -> None:
    token = encode(Action("", "language", ("zh-CN",)))
    message = live.wait_reply(live.slash("settings", user=live.owner_id))
    assert message["ephemeral"]
    assert token in buttons(message).values()
    assert token not in buttons(live.wait_reply(live.slash("settings"))).values()
    public = live.wait_reply(live.slash("about"))
    refused = live.wait_response(live.press_forged(token, public["id"]))
    assert "Only those who manage this chat" in text(only(refused))
    live.wait_response(live.press(message["id"], token))
    assert CHINESE.search(text(live.wait_reply(live.slash("about"))))
    live.say("", mention_bot=True)
    assert CHINESE.search(text(live.wait_message(count=1)[-1]))


def test_in_a_direct_conversation_everybody_manages(live: DiscordServer) -> None:
    live.direct_message("settings")
    (message,) = live.wait_message(live.dm_id)
    live.wait_response(live.press(message["id"], encode(Action("", "language", ("zh-CN",)))))
    live.direct_message("about")
    assert CHINESE.search(text(live.wait_message(live.dm_id, 3)[-1]))


# --- slow, late and broken -------------------------------------------------------------------------------------------


class Gate:
    """A command that waits until it may go on; `begun` tells that it runs."""

    def __init__(self, *, private: bool = False, replaces: bool = False) -> None:
        self.open, self.begun = threading.Event(), threading.Event()
        self._private, self._replaces = private, replaces
        self.command = Command("wait", "Wait for somebody", "wait", self._run)

    def _run(self, _context: Context, _request: Request) -> Reply:
        self.begun.set()
        assert self.open.wait(10)
        return Reply(Notice(("At last.",)), private=self._private, replaces=self._replaces)


@pytest.mark.parametrize("private", [False, True], ids=["open", "private"])
def test_a_slow_answer_is_put_off_and_comes(
    discord: DiscordServer, made: Made, database: Database, private: bool
) -> None:
    gate = Gate(private=private)
    with serving(discord, made(gate.command), database):
        asked = discord.slash("wait")
        (deferral,) = discord.wait_response(asked)
        assert deferral.type == DEFER
        assert 1.5 < deferral.seconds < 3
        gate.open.set()
        last = discord.wait_response(asked, 3 if private else 2)[-1]
        assert text(last.data) == "At last."
        sent = [
            (one.method, (one.body or {}).get("flags", 0) & EPHEMERAL) for one in discord.requests(path="/webhooks/")
        ]
        assert sent == ([("DELETE", 0), ("POST", EPHEMERAL)] if private else [("PATCH", 0)])


@pytest.mark.parametrize("replaces", [False, True], ids=["new", "in place"])
def test_a_slow_press_is_put_off_and_answered(
    discord: DiscordServer, made: Made, database: Database, replaces: bool
) -> None:
    gate = Gate(replaces=replaces)
    with serving(discord, made(gate.command), database):
        message = discord.wait_reply(discord.slash("about"))
        pressed = discord.press_forged(encode(Action("", "wait")), message["id"])
        assert discord.wait_response(pressed)[0].type == DEFER_UPDATE
        gate.open.set()
        discord.wait_response(pressed, 2)
        shown = discord.messages()
        assert [one["ephemeral"] for one in shown] == ([False] if replaces else [False, True])
        assert text(shown[-1]) == "At last."


def test_a_broken_command_is_apologised_for(discord: DiscordServer, made: Made, database: Database) -> None:
    def run(_context: Context, _request: Request) -> Reply:
        raise ZeroDivisionError

    with serving(discord, made(Command("break", "Break", "break", run)), database):
        reply = discord.wait_reply(discord.slash("break"))
        assert reply["ephemeral"]
        assert "Something went wrong on our side" in text(reply)


def test_a_command_that_is_gone_gets_a_kind_answer(discord: DiscordServer, made: Made, database: Database) -> None:
    with serving(discord, made(), database):
        pass
    fewer = tuple(command for command in COMMANDS if command.name not in ("random", "browse"))
    discord.fault("503", path="/commands", times=None)
    with serving(discord, made(commands=fewer), database):
        for name in ("random", "browse"):
            reply = discord.wait_reply(discord.slash(name))
            assert reply["ephemeral"]
            assert "There is no command" in text(reply)
        assert discord.wait_response(discord.autocomplete("browse", {"name": "x"}, "name"))[0].data == {"choices": []}


def test_nobody_is_told_of_an_interaction_that_is_gone(live: DiscordServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for number, (status, code) in enumerate([("404", 10062), ("400", 40060)], 1):
            live.fault(status, path="/callback", code=code)
            live.slash("about")
            live.wait_request("POST", "/callback", number)
        live.wait_reply(live.slash("about"))
    assert {record.levelname for record in caplog.records} == {"INFO"}


def test_a_late_completion_is_nobodys_business(live: DiscordServer, caplog: pytest.LogCaptureFixture) -> None:
    live.fault("404", path="/callback", code=10062, times=2)
    live.autocomplete("paper", {"title": "lor"}, "title")
    live.wait_request("POST", "/callback")
    live.clear_faults()
    live.wait_reply(live.slash("about"))
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_an_answer_that_discord_refuses_is_replaced_by_an_apology(live: DiscordServer) -> None:
    live.fault("400", path="/callback", code=50035)
    reply = live.wait_reply(live.slash("about"))
    assert reply["ephemeral"]
    assert "Something went wrong on our side" in text(reply)


def test_what_may_not_be_shown_to_all_is_shown_to_the_asker(live: DiscordServer) -> None:
    live.fault("403", path="/callback", code=50013)
    reply = live.wait_reply(live.slash("ask", {"query": "LoRA"}))
    assert reply["ephemeral"]
    assert "Low-Rank" in text(reply)


def test_a_page_of_a_list_that_was_deleted_is_shown_anew(live: DiscordServer) -> None:
    message = live.wait_reply(live.slash("search", {"query": "diffusion models"}))
    live.fault("404", path="/callback", code=10008)
    pressed = live.press(message["id"], buttons(message)["More"])
    assert live.wait_response(pressed)[0].type == NEW_MESSAGE
    assert is_private(only(live.responses(pressed)))


def test_a_connection_lost_while_answering_is_said_and_nothing_else(
    live: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    live.fault("cut_before", path="/callback")
    with caplog.at_level(logging.INFO):
        live.slash("about")
        live.wait_request("POST", "/callback")
        live.wait_reply(live.slash("about"))
    (warning,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert "could not be shown" in warning.message
    assert warning.exc_info is None


# --- registering commands --------------------------------------------------------------------------------------------


def _until(condition: Callable[[], object]) -> None:
    """Waits for what the bot does after Discord has answered it."""
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _registrations(discord: DiscordServer) -> int:
    return len([one for one in discord.requests(method="PUT", path="/commands") if one.status == 200])


def test_commands_are_registered_only_when_they_have_changed(
    discord: DiscordServer, made: Made, database: Database
) -> None:
    with serving(discord, made(), database):
        names = {one["name"] for one in discord.commands()}
        assert names == {command.name for command in COMMANDS if not command.hidden} | {FIND}
        _until(lambda: Marks(database).get(f"discord.commands.{discord.application_id}"))
    with serving(discord, made(), database, registered=False):
        discord.wait_reply(discord.slash("about"))
    assert _registrations(discord) == 1
    with serving(discord, made(Gate().command), database, registered=False):
        discord.wait_request("PUT", "/commands", 2)
        assert "wait" in {one["name"] for one in discord.commands()}


@pytest.mark.parametrize("status", ["503", "429", "cut_before"])
def test_the_bot_answers_while_commands_cannot_be_registered(
    discord: DiscordServer, made: Made, database: Database, status: str
) -> None:
    details = {"retry_after": 61.0} if status == "429" else {}
    discord.fault(status, path="/commands", times=1, **details)
    with serving(discord, made(), database):
        discord.say("LoRA", mention_bot=True)
        discord.wait_message()
        if status == "429":
            assert discord.commands() == []
            return
        discord.wait_request("PUT", "/commands", 2)
        assert discord.commands()


# --- the connection --------------------------------------------------------------------------------------------------


def _said(caplog: pytest.LogCaptureFixture, words: str) -> int:
    return len([line for line in caplog.messages if words in line])


def test_a_gateway_that_is_down_at_first_is_waited_for(
    discord: DiscordServer, made: Made, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    discord.gateway_fault("refuse", times=2)
    with caplog.at_level(logging.INFO), serving(discord, made(), database):
        discord.wait_reply(discord.slash("about"))
    assert _said(caplog, "out of reach") == 1
    assert _said(caplog, "Connected to Discord again") == 1


@pytest.mark.parametrize("kind", ["503", "502", "cut_before", "cloudflare"])
def test_an_api_that_is_down_at_first_is_waited_for(
    discord: DiscordServer, made: Made, database: Database, kind: str
) -> None:
    discord.fault(kind, path="/users/@me", times=1)
    with serving(discord, made(), database):
        discord.wait_reply(discord.slash("about"))


def test_a_lost_connection_is_resumed_and_nothing_missed(
    discord: DiscordServer, made: Made, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), serving(discord, made(), database):
        discord.drop_sockets()
        asked = discord.slash("about")
        discord.wait_ready(resumed=1)
        discord.wait_reply(asked)
    assert _said(caplog, "out of reach") == 1
    assert _said(caplog, "Connected to Discord again") == 1
    assert not [record for record in caplog.records if record.exc_info]


def test_a_token_that_discord_refuses_is_for_a_person_to_mend(
    discord: DiscordServer, made: Made, database: Database
) -> None:
    error = Serving(discord, made(), database, token="not.the.token").ended()  # noqa: S106
    assert isinstance(error, UserError)
    assert "does not accept this token" in error.sentence
    assert "not.the.token" not in error.sentence


def test_a_token_that_is_taken_back_ends_the_bot(discord: DiscordServer, made: Made, database: Database) -> None:
    running = Serving(discord, made(), database)
    discord.wait_ready()
    discord.gateway_fault("close", code=4004)
    error = running.ended()
    assert isinstance(error, UserError)
    assert "does not accept this token" in error.sentence


def test_intents_that_discord_refuses_are_for_a_person_to_mend(
    discord: DiscordServer, made: Made, database: Database
) -> None:
    running = Serving(discord, made(), database)
    discord.wait_ready()
    discord.gateway_fault("close", code=4014)
    assert isinstance(running.ended(), UserError)


def test_it_stops_while_it_waits_for_discord(discord: DiscordServer, made: Made, database: Database) -> None:
    discord.fault("503", path="/users/@me", times=None)
    with serving(discord, made(), database, ready=False, registered=False):
        discord.wait_request("GET", "/users/@me")


def test_it_stops_in_order_under_load(discord: DiscordServer, made: Made, database: Database) -> None:
    gate = Gate()
    with serving(discord, made(gate.command), database) as running:
        slow = discord.slash("wait")
        assert gate.begun.wait(5)
        quick = [discord.slash("ask", {"query": f"diffusion {number}"}) for number in range(20)]
        discord.wait_response(quick[-1])
        running.stop()
        gate.open.set()
        assert running.ended() is None
        assert all(len(discord.responses(one)) == 1 for one in (slow, *quick))
    sessions = discord.sessions()
    assert sessions["client_close_codes"] == [1000]
    assert sessions["open_sockets"] == 0


def test_an_answer_that_does_not_end_is_not_waited_for_long(
    discord: DiscordServer, made: Made, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot, "_PATIENCE", 0.1)
    gate = Gate()
    with serving(discord, made(gate.command), database) as running:
        discord.slash("wait")
        assert gate.begun.wait(5)
        running.stop()
        discord.wait_gone(timeout=3)
        gate.open.set()
    assert discord.sessions()["client_close_codes"] == [1000]
