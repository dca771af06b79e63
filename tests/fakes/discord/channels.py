"""The REST routes of channels: messages, threads, pins, reactions, polls and direct messages.

Source: Discord API docs, Channel, Message and Poll resources.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from tests.fakes.discord import messages, rules
from tests.fakes.discord import world as w
from tests.fakes.discord.refusal import Refusal, refuse_if
from tests.fakes.discord.routing import Call, Reply, Route
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json, Message

HAS_THREAD = 1 << 5
CROSSPOSTED = 1 << 0


def reach(state: State, call: Call, *needs: int) -> Json:
    """The channel of a request, if the bot may see it and has the permissions needed."""
    channel = state.world.channels.get(call["channel"])
    if channel is None:
        raise Refusal(10003)
    if channel["type"] == w.DIRECT:
        return channel
    granted = _granted(state, channel)
    if not granted & w.VIEW_CHANNEL:
        raise Refusal(50001)
    if any(not granted & need for need in needs):
        raise Refusal(50013)
    return channel


def _granted(state: State, channel: Json) -> int:
    return state.world.permissions(state.world.bot, channel_id=channel["id"])


def _message(state: State, call: Call) -> Message:
    message = state.world.messages[call["channel"]].get(call["message"])
    # An ephemeral message can only be reached with the token of its interaction.
    if message is None or message.ephemeral_for is not None:
        raise Refusal(10008)
    return message


def get_channel(state: State, call: Call) -> Reply:
    """GET /channels/{channel}."""
    return 200, reach(state, call)


def change_channel(state: State, call: Call) -> Reply:
    """PATCH /channels/{channel}: its name and settings; of a thread also whether it is archived."""
    channel = reach(state, call)
    thread = channel["type"] in w.THREADS
    refuse_if(rules.body(call.body, "thread_settings" if thread else "channel_settings"))
    own = thread and channel["owner_id"] == state.world.bot and not call.body.get("locked")
    if not own:
        reach(state, call, w.MANAGE_THREADS if thread else w.MANAGE_CHANNELS)
    for name, value in call.body.items():
        where = channel["thread_metadata"] if thread and name in channel["thread_metadata"] else channel
        where[name] = value
    state.channel_changed(channel["id"], thread=thread)
    return 200, channel


def delete_channel(state: State, call: Call) -> Reply:
    """DELETE /channels/{channel}."""
    channel = reach(state, call)
    thread = channel["type"] in w.THREADS
    reach(state, call, w.MANAGE_THREADS if thread else w.MANAGE_CHANNELS)
    state.emit("THREAD_DELETE" if thread else "CHANNEL_DELETE", channel, channel_id=channel["id"])
    return 200, state.world.remove_channel(channel["id"])


def list_messages(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/messages, newest first."""
    reach(state, call, w.READ_HISTORY)
    limit = int(call.query.get("limit", 50))
    known = [m for m in state.world.messages[call["channel"]].values() if m.ephemeral_for is None]
    ids = sorted(known, key=lambda message: int(message.data["id"]), reverse=True)
    if "before" in call.query:
        ids = [m for m in ids if int(m.data["id"]) < int(call.query["before"])]
    if "after" in call.query:
        ids = [m for m in ids if int(m.data["id"]) > int(call.query["after"])][-limit:]
    if "around" in call.query:
        middle, half = int(call.query["around"]), max(1, limit // 2)
        newer = [message for message in ids if int(message.data["id"]) > middle]
        rest = [message for message in ids if int(message.data["id"]) <= middle]
        ids = newer[-half:] + rest
    return 200, [messages.shown(message.data) for message in ids[:limit]]


def get_message(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/messages/{message}."""
    reach(state, call, w.READ_HISTORY)
    return 200, messages.shown(_message(state, call).data)


def create_message(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/messages; with an enforced nonce, the earlier message of the same one is given."""
    refuse_if(rules.message(call.body, "create", files=bool(call.files)))
    channel = writable(state, call)
    if channel["type"] != w.DIRECT:
        reach(state, call, *(need for name, need in w.NEEDED_FOR.items() if call.body.get(name)))
        if call.body.get("message_reference") and not _granted(state, channel) & w.READ_HISTORY:
            raise Refusal(160002)
    key = (state.world.bot, channel["id"], str(call.body.get("nonce")))
    enforced = call.body.get("enforce_nonce") and call.body.get("nonce") is not None
    if enforced and key in state.nonces:
        when, earlier = state.nonces[key]
        if state.clock() - when <= state.nonce_seconds:
            return 200, earlier
    message = messages.compose(state.world, channel["id"], state.world.bot, call.body, files=call.files)
    state.publish(message)
    if enforced:
        state.nonces[key] = (state.clock(), messages.shown(message.data))
    return 200, messages.shown(message.data)


def writable(state: State, call: Call) -> Json:
    """The channel of a request, if the bot may write there; an archived thread is opened by writing."""
    channel = reach(state, call)
    if channel["type"] not in w.WRITABLE:
        raise Refusal(40058 if channel["type"] == w.FORUM else 50008)
    if channel["type"] == w.DIRECT:
        if channel["recipients"][0]["id"] in state.world.closed_to_bot:
            raise Refusal(50007)
        return channel
    thread = channel["type"] in w.THREADS
    reach(state, call, w.SEND_IN_THREADS if thread else w.SEND_MESSAGES)
    if thread and channel["thread_metadata"]["archived"]:
        if channel["thread_metadata"]["locked"]:
            raise Refusal(50083)
        channel["thread_metadata"]["archived"] = False
        state.channel_changed(channel["id"], thread=True)
    return channel


def edit_message(state: State, call: Call) -> Reply:
    """PATCH /channels/{channel}/messages/{message}."""
    reach(state, call)
    message = _message(state, call)
    if message.data["author"]["id"] != state.world.bot:
        raise Refusal(50005)
    if "poll" in message.data:
        raise Refusal(520003)
    messages.edit(state.world, message, call.body, files=call.files)
    state.publish(message, event="MESSAGE_UPDATE")
    return 200, messages.shown(message.data)


def delete_message(state: State, call: Call) -> Reply:
    """DELETE /channels/{channel}/messages/{message}."""
    reach(state, call)
    message = _message(state, call)
    if message.data["author"]["id"] != state.world.bot:
        reach(state, call, w.MANAGE_MESSAGES)
    state.delete(message)
    return 204, None


def crosspost(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/messages/{message}/crosspost."""
    channel = reach(state, call, w.SEND_MESSAGES)
    message = _message(state, call)
    if channel["type"] != w.NEWS:
        raise Refusal(50024)
    if message.data["flags"] & CROSSPOSTED:
        raise Refusal(40033)
    message.data["flags"] |= CROSSPOSTED
    state.publish(message, event="MESSAGE_UPDATE")
    return 200, messages.shown(message.data)


def typing(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/typing."""
    state.typing.append(reach(state, call, w.SEND_MESSAGES)["id"])
    return 204, None


def add_reaction(state: State, call: Call) -> Reply:
    """PUT …/reactions/{emoji}/@me."""
    reach(state, call, w.READ_HISTORY, w.ADD_REACTIONS)
    react(state, _message(state, call), call["emoji"], state.world.bot)
    return 204, None


def remove_reaction(state: State, call: Call) -> Reply:
    """DELETE …/reactions/{emoji}/{user}."""
    reach(state, call)
    user = state.world.bot if call["user"] == "@me" else call["user"]
    if user != state.world.bot:
        reach(state, call, w.MANAGE_MESSAGES)
    react(state, _message(state, call), call["emoji"], user, remove=True)
    return 204, None


def react(state: State, message: Message, emoji: str, user_id: str, *, remove: bool = False) -> None:
    """Adds or removes a user's reaction and tells of it."""
    reactions: list[Json] = message.data.setdefault("reactions", [])
    entry = next((one for one in reactions if one["emoji"]["name"] == emoji), None)
    if entry is None:
        entry = {"emoji": {"id": None, "name": emoji}, "count": 0, "me": False, "burst_colors": [], "me_burst": False}
        entry["count_details"] = {"burst": 0, "normal": 0}
        reactions.append(entry)
    entry["count"] = entry["count_details"]["normal"] = max(0, entry["count"] + (-1 if remove else 1))
    if user_id == state.world.bot:
        entry["me"] = not remove
    message.data["reactions"] = [one for one in reactions if one["count"]]
    data = message.data
    guild_id = state.world.channels[data["channel_id"]].get("guild_id")
    event = {"user_id": user_id, "channel_id": data["channel_id"], "message_id": data["id"], "emoji": entry["emoji"]}
    event |= {"burst": False, "type": 0} | ({"guild_id": guild_id} if guild_id else {})
    if guild_id and not remove and (guild_id, user_id) in state.world.members:
        event["member"] = state.world.members[guild_id, user_id]
    state.emit(f"MESSAGE_REACTION_{'REMOVE' if remove else 'ADD'}", event, channel_id=data["channel_id"])


def pin(state: State, call: Call) -> Reply:
    """PUT and DELETE …/pins/{message}."""
    if not _granted(state, reach(state, call)) & (w.PIN_MESSAGES | w.MANAGE_MESSAGES):
        raise Refusal(50013)
    message = _message(state, call)
    message.data["pinned"] = call.method == "PUT"
    state.publish(message, event="MESSAGE_UPDATE")
    return 204, None


def list_pins(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/messages/pins."""
    reach(state, call, w.READ_HISTORY)
    pinned = [m.data for m in state.world.messages[call["channel"]].values() if m.data["pinned"]]
    items = [{"pinned_at": w.timestamp(), "message": messages.shown(data)} for data in reversed(pinned)]
    return 200, {"items": items, "has_more": False}


def thread_from_message(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/messages/{message}/threads; the thread has the message's id."""
    refuse_if(rules.body(call.body, "thread_from_message"))
    channel = reach(state, call, w.CREATE_THREADS)
    message = _message(state, call)
    if channel["type"] not in {w.TEXT, w.NEWS}:
        raise Refusal(50024)
    if message.data["flags"] & HAS_THREAD:
        raise Refusal(160004)
    thread = start_thread(state, channel["id"], call.body, id=message.data["id"])
    message.data["flags"] |= HAS_THREAD
    message.data["thread"] = thread
    state.publish(message, event="MESSAGE_UPDATE")
    return 201, thread


def thread(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/threads: a thread of its own, or a post in a forum."""
    channel = reach(state, call)
    forum = channel["type"] == w.FORUM
    refuse_if(rules.body(call.body, "forum_post" if forum else "thread"))
    if forum:
        refuse_if(rules.message(call.body["message"], "create", files=bool(call.files), place=("message",)))
    reach(state, call, w.SEND_MESSAGES if forum else w.CREATE_THREADS)
    if not forum:
        kind = call.body.get("type") or w.PRIVATE_THREAD
        return 201, start_thread(state, channel["id"], call.body, kind=kind)
    made = start_thread(state, channel["id"], call.body)
    sent = call.body["message"]
    post = messages.compose(state.world, made["id"], state.world.bot, sent, files=call.files, id=made["id"])
    state.publish(post)
    return 201, made | {"message": messages.shown(post.data)}


def start_thread(state: State, parent: str, settings: Json, **extra: Any) -> Json:
    """Makes a thread of the bot's and tells of it."""
    names = ("auto_archive_duration", "rate_limit_per_user", "applied_tags")
    given = {name: settings[name] for name in names if settings.get(name) is not None}
    made = state.world.add_thread(settings["name"], parent=parent, owner=state.world.bot, **given, **extra)
    thread = state.world.channels[made]
    state.emit("THREAD_CREATE", thread | {"newly_created": True}, channel_id=made)
    return thread | {"member": state.world.thread_members[made][state.world.bot]}


def join_thread(state: State, call: Call) -> Reply:
    """PUT /channels/{channel}/thread-members/{user}."""
    thread = reach(state, call)
    state.world.join_thread(thread["id"], state.world.bot if call["user"] == "@me" else call["user"])
    return 204, None


def leave_thread(state: State, call: Call) -> Reply:
    """DELETE /channels/{channel}/thread-members/{user}."""
    user = state.world.bot if call["user"] == "@me" else call["user"]
    state.world.thread_members[reach(state, call)["id"]].pop(user, None)
    return 204, None


def thread_members(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/thread-members."""
    return 200, list(state.world.thread_members.get(reach(state, call)["id"], {}).values())


def archived_threads(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/threads/archived/public."""
    parent = reach(state, call, w.READ_HISTORY)["id"]
    found = [one for one in state.world.channels.values() if one.get("parent_id") == parent]
    archived = [one for one in found if one.get("thread_metadata", {}).get("archived")]
    return 200, {"threads": archived, "members": [], "has_more": False}


def voters(state: State, call: Call) -> Reply:
    """GET /channels/{channel}/polls/{message}/answers/{answer}."""
    reach(state, call, w.READ_HISTORY)
    poll = _message(state, call).data.get("poll")
    if poll is None:
        raise Refusal(520006)
    users = sorted(poll["_voters"].get(int(call["answer"]), []), key=int)
    after = [user for user in users if int(user) > int(call.query.get("after", 0))]
    return 200, {"users": [state.world.users[user] for user in islice(after, int(call.query.get("limit", 25)))]}


def end_poll(state: State, call: Call) -> Reply:
    """POST /channels/{channel}/polls/{message}/expire."""
    reach(state, call)
    message = _message(state, call)
    if "poll" not in message.data:
        raise Refusal(520006)
    if message.data["author"]["id"] != state.world.bot:
        raise Refusal(50013)
    message.data["poll"]["results"]["is_finalized"] = True
    message.data["poll"]["expiry"] = w.timestamp()
    state.publish(message, event="MESSAGE_UPDATE")
    return 200, messages.shown(message.data)


def open_dm(state: State, call: Call) -> Reply:
    """POST /users/@me/channels."""
    refuse_if(rules.body(call.body, "open_dm"))
    user = str(call.body["recipient_id"])
    if user not in state.world.users or user == state.world.bot:
        raise Refusal(50033)
    return 200, state.world.channels[state.world.open_dm(user)]


_ONE = "/channels/{channel}/messages/{message}"
ROUTES: tuple[Route, ...] = (
    ("GET", "/channels/{channel}", get_channel),
    ("PATCH", "/channels/{channel}", change_channel),
    ("DELETE", "/channels/{channel}", delete_channel),
    ("GET", "/channels/{channel}/messages", list_messages),
    ("POST", "/channels/{channel}/messages", create_message),
    ("GET", "/channels/{channel}/messages/pins", list_pins),
    ("PUT", "/channels/{channel}/messages/pins/{message}", pin),
    ("DELETE", "/channels/{channel}/messages/pins/{message}", pin),
    ("PUT", "/channels/{channel}/pins/{message}", pin),
    ("DELETE", "/channels/{channel}/pins/{message}", pin),
    ("GET", _ONE, get_message),
    ("PATCH", _ONE, edit_message),
    ("DELETE", _ONE, delete_message),
    ("POST", f"{_ONE}/crosspost", crosspost),
    ("POST", f"{_ONE}/threads", thread_from_message),
    ("PUT", f"{_ONE}/reactions/{{emoji}}/@me", add_reaction),
    ("DELETE", f"{_ONE}/reactions/{{emoji}}/{{user}}", remove_reaction),
    ("POST", "/channels/{channel}/typing", typing),
    ("POST", "/channels/{channel}/threads", thread),
    ("GET", "/channels/{channel}/threads/archived/public", archived_threads),
    ("GET", "/channels/{channel}/thread-members", thread_members),
    ("PUT", "/channels/{channel}/thread-members/{user}", join_thread),
    ("DELETE", "/channels/{channel}/thread-members/{user}", leave_thread),
    ("GET", "/channels/{channel}/polls/{message}/answers/{answer}", voters),
    ("POST", "/channels/{channel}/polls/{message}/expire", end_poll),
    ("POST", "/users/@me/channels", open_dm),
)
