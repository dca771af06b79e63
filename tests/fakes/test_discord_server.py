"""The local Discord server, as the real discord.py meets it over real sockets, and from another process."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from datetime import timedelta

import aiohttp
import pytest
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_student import NOBODY, Student, ask, discord, library_at, running, ui
from tests.fakes.serving import ControlError, spawn


@pytest.fixture
def server() -> Iterator[DiscordServer]:
    """A server to which the library goes."""
    with DiscordServer() as discord_server, library_at(discord_server):
        yield discord_server


def test_a_command_is_answered_and_its_button_changes_the_message_in_place(server: DiscordServer) -> None:
    with running(server):
        assert {command["name"] for command in server.commands()} == {"count", "look", "Explain this"}
        first = server.wait_reply(server.slash("count"))
        assert first["interaction_metadata"]["user"]["username"] == "ada"
        pressed = server.press(first["id"], "more", user=server.other_user_id)
        assert [answer.type for answer in server.wait_response(pressed)] == [7]
        # The second press carries the message as the first one left it.
        assert server.wait_reply(server.press(first["id"], "more"))["id"] == first["id"]
        (shown,) = server.messages()
        assert shown["components"][0]["components"][0]["components"][0]["content"] == "Count 2"


def test_an_old_button_of_a_restarted_bot_still_works(server: DiscordServer) -> None:
    with running(server):
        message = server.wait_reply(server.slash("count"))
    with running(server):
        pressed = server.press(message["id"], "more")
        assert server.wait_response(pressed)[0].type == 7
    assert server.sessions()["client_close_codes"] == [1000, 1000]


def test_a_deferral_is_filled_in_and_followed_up_for_one_reader(server: DiscordServer) -> None:
    with running(server):
        looked = server.slash("look", {"topic": "attention", "many": 5}, locale="de", guild_locale="fr")
        answers = server.wait_response(looked, 3)
        assert [(answer.kind, answer.type) for answer in answers] == [
            ("callback", 5),
            ("edit", None),
            ("followup", None),
        ]
        texts = [(one["content"], one["ephemeral_for"]) for one in server.messages()]
        assert texts == [("attention 5", server.user_id), ("and more", server.user_id)]
        assert answers[0].seconds <= answers[2].seconds < 3


def test_completion_modal_and_context_menu(server: DiscordServer) -> None:
    with running(server):
        typed = server.autocomplete("look", {"topic": "ra"}, "topic")
        assert server.wait_response(typed)[0].data == {"choices": [{"name": "ra…", "value": "id-ra"}]}
        message = server.wait_reply(server.slash("count", guild=None))
        opened = server.press(message["id"], "form")
        assert server.wait_response(opened)[0].type == 9
        submitted = server.submit_modal(opened, {"words": "hello", "pace": "f"})
        assert server.wait_reply(submitted)["components"][0]["content"] == "hello, f"
        said = server.say("What is RLHF?")
        assert server.wait_reply(server.message_command("Explain this", said))["content"] == "About: What is RLHF?"


def test_without_the_intent_only_mentions_and_direct_messages_have_content(server: DiscordServer) -> None:
    with running(server):
        server.say("between ourselves")
        server.say("help", mention_bot=True)
        heard = [message["content"] for message in server.wait_message(count=2)]
        assert heard == ["Heard: ''", f"Heard: '<@{server.bot_id}> help'"]
        server.direct_message("psst")
        assert server.wait_message(server.dm_id)[0]["content"] == "Heard: 'psst'"


def test_what_is_missed_after_a_drop_is_replayed_to_the_resumed_session(server: DiscordServer) -> None:
    with running(server):
        assert server.drop_sockets() == 1
        missed = server.slash("count")
        assert server.wait_reply(missed)["flags"] == 1 << 15
        server.gateway_fault("reconnect")
        server.wait_ready(resumed=2)
        server.gateway_fault("close", code=4000)
        server.wait_ready(resumed=3)
        server.gateway_fault("invalid_session", resumable=True)
        server.wait_ready(identified=1, resumed=4)


def test_a_lost_session_is_identified_anew(server: DiscordServer) -> None:
    with running(server):
        server.gateway_fault("invalid_session", resumable=False)
        server.wait_ready(identified=2)
        server.gateway_fault("forget")
        server.drop_sockets()
        server.wait_ready(identified=3)
        assert server.sessions()["refused_resumes"] == 1
        assert server.wait_reply(server.slash("count"))


def test_a_rate_limit_is_obeyed_and_the_request_sent_again(server: DiscordServer) -> None:
    with running(server) as bot:
        channel = bot.client.get_partial_messageable(int(server.channel_id))
        server.fault(429, path=r"/messages$", method="POST", retry_after=0.1)
        bot.do(lambda: channel.send("patience"))
        refused, sent = server.requests(path="/messages", method="POST")
        assert (refused.status, sent.status) == (429, 200)
        assert sent.time - refused.time >= 0.1
        server.limits(per_channel=(2, 0.2))
        for number in range(5):
            bot.do(lambda number=number: channel.send(str(number)))
        assert server.violations() == 0
        assert [one["content"] for one in server.messages()] == ["patience", "0", "1", "2", "3", "4"]


def test_a_broken_limit_is_refused_and_counted(server: DiscordServer) -> None:
    path = f"/channels/{server.channel_id}/messages"
    server.limits(per_channel=(2, 60), global_per_second=4)
    assert [ask(server, "POST", path, {"content": "x"})[0] for _ in range(3)] == [200, 200, 429]
    status, body = ask(server, "GET", "/users/@me")
    assert status == 200
    status, body = ask(server, "GET", "/users/@me")
    assert (status, body["global"]) == (429, True)
    assert server.violations() == 2


def test_the_same_nonce_makes_one_message(server: DiscordServer) -> None:
    with running(server) as bot:
        channel = bot.client.get_partial_messageable(int(server.channel_id))
        server.fault("cut_after", method="POST", path="/messages")
        with pytest.raises(aiohttp.ClientError):
            bot.do(lambda: channel.send("today", nonce="d-1"))
        again = bot.do(lambda: channel.send("today", nonce="d-1"))
        assert [message["id"] for message in server.messages()] == [str(again.id)]
        server.advance(181)
        assert bot.do(lambda: channel.send("today", nonce="d-1")).id != again.id
        assert [request.status for request in server.requests(path="/messages")] == [0, 200, 200]


def test_faults_are_what_they_say(server: DiscordServer) -> None:
    path = f"/channels/{server.channel_id}/messages"
    server.fault("cut_before", method="POST")
    with pytest.raises(ConnectionError):
        ask(server, "POST", path, {"content": "lost"})
    assert server.messages() == []
    server.fault(403, code=50013, message="Missing Permissions", path="messages", after=1)
    assert [ask(server, "POST", path, {"content": "x"})[0] for _ in range(3)] == [200, 403, 200]
    server.fault("hang", seconds=0.1)
    server.fault("slow_body", seconds=0.1)
    assert [ask(server, "GET", "/users/@me")[0] for _ in range(2)] == [200, 200]
    assert [fault["hits"] for fault in server.faults()] == [1, 1, 1, 1]
    with pytest.raises(ControlError, match="no such fault"):
        server.fault("gremlins")


@pytest.mark.parametrize(("kind", "error"), [(503, discord.DiscordServerError), ("cloudflare", discord.HTTPException)])
def test_what_cloudflare_answers_is_no_json(server: DiscordServer, kind: str | int, error: type[Exception]) -> None:
    with running(server) as bot:
        channel = bot.client.get_partial_messageable(int(server.channel_id))
        server.fault(kind, path="/messages")
        with pytest.raises(error, match="<html>"):
            bot.do(lambda: channel.send("x"))


def test_an_interaction_can_be_answered_once_in_time_and_followed_up_for_a_while(server: DiscordServer) -> None:
    ask(server, "PUT", f"/applications/{server.application_id}/commands", [COMMAND])
    message, defer = {"type": 4, "data": {"content": "x"}}, {"type": 5}
    late = interaction(server, server.slash("go"))
    server.advance(3.01)
    assert ask(server, "POST", late.callback, message)[1]["code"] == 10062
    prompt = interaction(server, server.slash("go"))
    assert ask(server, "POST", prompt.hook, message["data"])[1]["code"] == 10015
    assert ask(server, "POST", prompt.callback, defer) == (204, None)
    assert ask(server, "POST", prompt.callback, message)[1]["code"] == 40060
    server.advance(14 * 60)
    assert ask(server, "PATCH", f"{prompt.hook}/messages/@original", {"content": "late"})[0] == 200
    server.advance(61)
    assert ask(server, "POST", prompt.hook, message["data"])[1]["code"] == 50027


def test_where_only_the_user_has_the_app_five_follow_ups_are_allowed(server: DiscordServer) -> None:
    ask(server, "PUT", f"/applications/{server.application_id}/commands", [COMMAND | {"integration_types": [0, 1]}])
    used = interaction(server, server.slash("go", user_install=True))
    assert ask(server, "POST", used.callback, {"type": 4, "data": {"content": "x"}})[0] == 204
    statuses = [ask(server, "POST", used.hook, {"content": "more"})[0] for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 400]
    assert len(server.messages(server.foreign_channel_id)) == 6


COMMAND = {"name": "go", "description": "Goes."}


class Addresses:
    """Where an interaction is answered."""

    def __init__(self, callback: str, hook: str) -> None:
        self.callback, self.hook = callback, hook


def interaction(server: DiscordServer, interaction_id: str) -> Addresses:
    """The addresses of an interaction, which a bot learns over the gateway."""
    token = server.state.interactions[interaction_id].token
    return Addresses(f"/interactions/{interaction_id}/{token}/callback", f"/webhooks/{server.application_id}/{token}")


def test_commands_keep_their_ids_while_name_and_type_stay(server: DiscordServer) -> None:
    path = f"/applications/{server.application_id}/commands"
    _, (first, _) = ask(server, "PUT", path, [COMMAND, COMMAND | {"name": "stop"}])
    _, (changed,) = ask(server, "PUT", path, [COMMAND | {"description": "Runs."}])
    assert (changed["id"], changed["version"] != first["version"]) == (first["id"], True)
    assert ask(server, "POST", path, COMMAND)[0] == 200
    status, added = ask(server, "POST", path, COMMAND | {"name": "wait"})
    assert (status, [command["name"] for command in server.commands()]) == (201, ["go", "wait"])
    assert ask(server, "PATCH", f"{path}/{added['id']}", {"description": "Waits."})[1]["description"] == "Waits."
    assert ask(server, "DELETE", f"{path}/{added['id']}") == (204, None)
    assert ask(server, "DELETE", f"{path}/{added['id']}")[1]["code"] == 10063


def test_buttons_of_an_earlier_life_and_forged_ones_reach_the_bot(server: DiscordServer) -> None:
    with running(server):
        button = {"type": 2, "style": 1, "label": "More", "custom_id": "more"}
        old = {"flags": 1 << 15, "components": [{"type": 1, "components": [button]}]}
        assert server.wait_response(server.press(server.old_message(old), "more"))[0].type == 7
        plain = server.old_message({"flags": 1 << 15, "components": [{"type": 10, "content": "Count 7"}]})
        assert server.wait_response(server.press_forged("more", plain))[0].type == 7


def test_messages_are_listed_pinned_and_found_around(server: DiscordServer) -> None:
    path = f"/channels/{server.channel_id}/messages"
    ids = [server.say(str(number)) for number in range(6)]

    def listed(query: str) -> list[int]:
        return [int(message["content"]) for message in ask(server, "GET", f"{path}?{query}")[1]]

    assert listed("limit=2") == [5, 4]
    assert listed(f"before={ids[3]}&limit=2") == [2, 1]
    assert listed(f"after={ids[1]}&limit=2") == [3, 2]
    assert listed(f"around={ids[3]}&limit=3") == [4, 3, 2]
    assert ask(server, "PUT", f"{path}/pins/{ids[0]}")[1]["code"] == 50013
    server.set_permissions(1 << 3)
    assert ask(server, "PUT", f"{path}/pins/{ids[0]}") == (204, None)
    assert [item["message"]["id"] for item in ask(server, "GET", f"{path}/pins")[1]["items"]] == [ids[0]]
    assert ask(server, "PATCH", f"{path}/{ids[0]}", {"content": "mine"})[1]["code"] == 50005


def test_people_cannot_do_what_their_client_would_not_let_them(server: DiscordServer) -> None:
    with running(server):
        message = server.wait_reply(server.slash("look", {"topic": "x"}))
        for wrong in (
            lambda: server.slash("unknown"),
            lambda: server.slash("look"),
            lambda: server.slash("look", {"topic": "x", "many": "three"}),
            lambda: server.slash("look", {"topic": "x", "extra": 1}),
            lambda: server.slash("count", user_install=True),
            lambda: server.press(message["id"], "more"),
            lambda: server.press(1, "more"),
            lambda: server.submit_modal("none", {}),
        ):
            with pytest.raises(ControlError):
                wrong()


def test_permissions_kicks_and_closed_doors(server: DiscordServer) -> None:
    path, body = f"/channels/{server.channel_id}/messages", {"content": "x"}
    with running(server) as bot:
        server.overwrite(deny=1 << 11)
        assert ask(server, "POST", path, body)[1]["code"] == 50013
        server.overwrite(deny=1 << 10)
        assert ask(server, "POST", path, body)[1]["code"] == 50001
        server.kick_bot()
        assert ask(server, "POST", path, body)[1]["code"] == 50001
        server.close_dm()
        assert ask(server, "POST", f"/channels/{server.dm_id}/messages", body)[1]["code"] == 50007
        joined = server.add_guild("New", locale="de")
        bot.wait(lambda: {guild.id for guild in list(bot.client.guilds)} == {int(joined)})


def test_a_wrong_token_is_refused_everywhere(server: DiscordServer) -> None:
    async def log_in() -> None:
        async with Student() as client:
            await client.login("wrong.token.here")

    with pytest.raises(discord.LoginFailure):
        asyncio.run(log_in())

    async def identify(token: str, intents: int) -> int | None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket,
        ):
            await socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
            async for _ in socket:
                pass
            return socket.close_code

    assert asyncio.run(identify("wrong", 1)) == 4004
    assert asyncio.run(identify(server.token, 1 | 1 << 15)) == 4014
    assert server.sessions()["server_close_codes"] == [4004, 4014]


def test_many_kinds_of_right_requests_meet_no_rule(server: DiscordServer) -> None:
    async def everything(client: Student) -> None:
        text = client.get_channel(int(server.channel_id))
        news = client.get_channel(int(server.news_id))
        forum = client.get_channel(int(server.forum_id))
        assert isinstance(text, discord.TextChannel)
        assert isinstance(news, discord.TextChannel)
        assert isinstance(forum, discord.ForumChannel)
        embed = discord.Embed(
            title="Paper", description="d", url="https://example.org", colour=1, timestamp=text.created_at
        )
        embed.set_author(name="A").set_footer(text="f").add_field(name="n", value="v").set_image(
            url="https://example.org/a.png"
        )
        view = ui.View(timeout=None)
        view.add_item(ui.Button(label="Open", url="https://example.org"))
        view.add_item(ui.Button(emoji="👍", custom_id="up", disabled=True))
        view.add_item(ui.Select(custom_id="s", options=[discord.SelectOption(label="a", emoji="🔥", description="d")]))
        view.add_item(ui.ChannelSelect(custom_id="c", channel_types=[discord.ChannelType.text]))
        view.add_item(ui.UserSelect(custom_id="u", default_values=[text.guild.me]))
        sent = await text.send(
            "Hello <@1> @everyone", embed=embed, view=view, nonce="n", silent=True, suppress_embeds=True
        )
        await sent.edit(content=None, embeds=[embed, *sent.embeds], view=None, allowed_mentions=NOBODY)
        await sent.reply("reply", files=[discord.File(io.BytesIO(b"data"), "a.txt")], mention_author=False)
        await (await text.fetch_message(sent.id)).add_reaction("👍")
        await sent.remove_reaction("👍", text.guild.me)
        poll = discord.Poll(question="Next?", duration=timedelta(hours=24), multiple=True)
        poll.add_answer(text="One", emoji="1️⃣").add_answer(text="Two")
        asked = await text.send(poll=poll)
        server.vote(asked.id, 1)
        assert [user.id async for user in asked.poll.get_answer(1).voters()] == [int(server.user_id)]  # type: ignore[union-attr]
        await asked.end_poll()
        thread = await sent.create_thread(name="Talk", auto_archive_duration=1440)
        await thread.send("in it")
        await thread.edit(archived=True)
        await text.create_thread(name="Alone", type=discord.ChannelType.public_thread)
        gallery = ui.LayoutView()
        gallery.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://p.png")))
        gallery.add_item(ui.File("attachment://p.png", spoiler=True))
        gallery.add_item(ui.Section("words", accessory=ui.Thumbnail("https://example.org/t.png", description="d")))
        await forum.create_thread(name="Post", view=gallery, files=[discord.File(io.BytesIO(b"x"), "p.png")])
        await (await news.send("Digest")).publish()
        async with text.typing():
            assert len([message async for message in text.history(limit=2)]) == 2
        user = await client.fetch_user(int(server.user_id))
        await (await user.send("hi")).delete()
        await text.guild.fetch_member(user.id)
        assert len(await text.guild.fetch_roles()) >= 2
        assert len(await text.guild.fetch_channels()) == 3

    with running(server) as bot:
        server.set_permissions(1 << 3)
        bot.do(lambda: everything(bot.client))
        assert server.messages()[0]["mentions"] == []
        assert server.typing() == [server.channel_id]
        assert server.messages()[1]["attachments"][0]["text"] == "data"


def test_a_server_in_a_process_of_its_own_is_driven_alike() -> None:
    with spawn("tests.fakes.discord_server") as server, library_at(server):
        with running(server):
            looked = server.slash("look", {"topic": "attention"})
            assert [answer.kind for answer in server.wait_response(looked, 3)] == ["callback", "edit", "followup"]
            with pytest.raises(ControlError, match="no command 'nothing'"):
                server.slash("nothing")
            with pytest.raises(TimeoutError, match="9 answers"):
                server.wait_response(looked, 9, timeout=0.05)
        assert server.requests(method="PUT")[0].path.endswith("/commands")
        server.reset()
        assert (server.requests(), server.messages(), len(server.commands())) == ([], [], 3)
