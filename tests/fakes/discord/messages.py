"""Messages as Discord keeps them: made from what a client sent, edited, and with their polls, mentions and files.

Source of the shapes: Discord API docs, Message and Poll resources. Sending them anywhere is the business of others.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.discord.components import every
from tests.fakes.discord.refusal import Refusal, refuse_if
from tests.fakes.discord.rules import COMPONENTS_V2, EPHEMERAL, LOADING, SUPPRESS_EMBEDS, is_empty
from tests.fakes.discord.rules import message as message_problems
from tests.fakes.discord.world import MENTION_EVERYONE, THREADS, Json, Message, World, timestamp

REPLY, COMMAND_MESSAGE, THREAD_STARTER, CONTEXT_MESSAGE = 19, 20, 21, 23


def compose(
    world: World,
    channel_id: str,
    author_id: str,
    sent: Json,
    *,
    files: tuple[Json, ...] = (),
    kind: int = 0,
    ephemeral_for: str | None = None,
    **extra: Any,
) -> Message:
    """Makes and stores a message from what was sent; `extra` are further fields of its JSON."""
    message_id = extra.pop("id", None) or world.snowflake()
    data: Json = {
        "id": message_id,
        "channel_id": channel_id,
        "type": kind,
        "author": world.users[author_id],
        "timestamp": timestamp(),
        "edited_timestamp": None,
        "pinned": False,
        "tts": bool(sent.get("tts")),
        "content": "",
        "embeds": [],
        "components": [],
        "attachments": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "flags": (sent.get("flags") or 0) | (EPHEMERAL if ephemeral_for else 0),
    }
    if sent.get("nonce") is not None:
        data["nonce"] = sent["nonce"]
    if sent.get("poll"):
        data["poll"] = poll(sent["poll"])
    _reference(world, data, sent.get("message_reference"))
    data |= extra
    _fill(world, data, sent, files)
    message = world.messages[channel_id][message_id] = Message(data, ephemeral_for)
    channel = world.channels[channel_id]
    if ephemeral_for is None:
        channel["last_message_id"] = message_id
        if channel["type"] in THREADS:
            channel["message_count"] += 1
            channel["total_message_sent"] += 1
    return message


def edit(
    world: World, message: Message, sent: Json, *, files: tuple[Json, ...] = (), kind: str = "edit", quiet: bool = False
) -> None:
    """Changes a message as an edit of a `kind` known to the rules asks; `quiet` leaves no mark that it was edited."""
    data = message.data
    had_v2 = bool(data["flags"] & COMPONENTS_V2)
    refuse_if(message_problems(sent, kind, files=bool(files), v2=had_v2))
    wants_v2 = had_v2 or bool((sent.get("flags") or 0) & COMPONENTS_V2)
    after = data | {key: value for key, value in sent.items() if key in {"content", "embeds", "components"}}
    after["attachments"] = sent.get("attachments", data["attachments"])
    problems = message_problems({}, kind)
    if wants_v2 and not had_v2:
        # Discord API docs, Edit Message: what a message with components V2 cannot have must be emptied with the edit.
        for name in ("content", "embeds"):
            if after[name]:
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                problems.add((name,), code, f"The '{name}' field cannot be used with IS_COMPONENTS_V2")
    refuse_if(problems)
    if is_empty(after, files=bool(files)):
        raise Refusal(50006)
    data["flags"] = (data["flags"] & ~LOADING) | (COMPONENTS_V2 if wants_v2 else 0)
    if sent.get("flags") is not None:
        data["flags"] = (data["flags"] & ~SUPPRESS_EMBEDS) | (sent["flags"] & SUPPRESS_EMBEDS)
    _fill(world, data, sent, files)
    if not quiet:
        data["edited_timestamp"] = timestamp()


def _fill(world: World, data: Json, sent: Json, files: tuple[Json, ...]) -> None:
    """Takes over content, embeds, components and attachments where they were sent; null empties."""
    if "content" in sent:
        data["content"] = (sent["content"] or "").strip()
    if "embeds" in sent:
        data["embeds"] = [{"type": "rich"} | embed for embed in sent["embeds"] or []]
    if "components" in sent:
        data["components"] = numbered(sent["components"] or [])
    if "attachments" in sent or files:
        data["attachments"] = _attachments(world, data, sent.get("attachments"), files)
    if data["author"]["id"] == world.bot or "content" in sent:
        _mention(world, data, sent.get("allowed_mentions"))


def numbered(components: list[Json]) -> list[Json]:
    """The components with an id each, as Discord gives them to those that have none (Component Reference)."""
    taken = {part["id"] for part in every(components) if part.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)

    def copy(part: Json) -> Json:
        made = {key: value for key, value in part.items() if value is not None}
        made["id"] = part.get("id") or next(free)
        if isinstance(part.get("components"), list):
            made["components"] = [copy(inner) for inner in part["components"]]
        for name in ("accessory", "component"):
            if isinstance(part.get(name), dict):
                made[name] = copy(part[name])
        if part["type"] == 2:
            made.setdefault("disabled", False)
        return made

    return [copy(part) for part in components]


def _attachments(world: World, data: Json, sent: list[Json] | None, files: tuple[Json, ...]) -> list[Json]:
    described = {str(entry["id"]): entry for entry in sent or []}
    kept = [entry for entry in data["attachments"] if sent is None or entry["id"] in described]
    for index, file in enumerate(files):
        about = described.get(str(index), {})
        name = about.get("filename") or file["filename"]
        attachment_id = world.snowflake()
        url = f"https://cdn.discordapp.com/attachments/{data['channel_id']}/{attachment_id}/{name}"
        made = {"id": attachment_id, "filename": name, "size": file["size"], "url": url, "proxy_url": url}
        made |= {"content_type": file["content_type"], "description": about.get("description"), "text": file["text"]}
        kept.append({key: value for key, value in made.items() if value is not None})
    return kept


def _mention(world: World, data: Json, allowed: Json | None) -> None:
    """Who is pinged (Discord API docs, Allowed Mentions): without that field, everyone whom the text names."""
    words = " ".join([data["content"], *(str(part.get("content", "")) for part in every(data["components"]))])
    parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    named = dict.fromkeys(re.findall(r"<@!?(\d+)>", words))
    users = [user for user in named if "users" in parse or user in map(str, (allowed or {}).get("users") or [])]
    replied = (data.get("referenced_message") or {}).get("author", {}).get("id")
    if replied and (allowed is None or allowed.get("replied_user")):
        users.append(replied)
    roles = dict.fromkeys(re.findall(r"<@&(\d+)>", words))
    data["mentions"] = [world.users[user] for user in dict.fromkeys(users) if user in world.users]
    data["mention_roles"] = [
        role for role in roles if "roles" in parse or role in map(str, (allowed or {}).get("roles") or [])
    ]
    may = world.permissions(data["author"]["id"], channel_id=data["channel_id"]) & MENTION_EVERYONE
    data["mention_everyone"] = bool(may and "everyone" in parse and re.search(r"@(everyone|here)\b", words))


def _reference(world: World, data: Json, sent: Json | None) -> None:
    if not sent:
        return
    referred = world.messages.get(str(sent.get("channel_id") or data["channel_id"]), {}).get(str(sent["message_id"]))
    if referred is None and sent.get("fail_if_not_exists", True):
        problems = message_problems({}, "edit")
        problems.add(("message_reference",), "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        refuse_if(problems)
    if referred is not None:
        reference = {"type": 0, "message_id": referred.data["id"], "channel_id": referred.data["channel_id"]}
        data |= {"type": REPLY, "message_reference": reference, "referenced_message": _quoted(referred.data)}


def _quoted(data: Json) -> Json:
    return {key: value for key, value in shown(data).items() if key != "referenced_message"}


def poll(sent: Json) -> Json:
    expiry = datetime.now(UTC) + timedelta(hours=int(sent.get("duration") or 24))
    answers = [{"answer_id": index, "poll_media": a["poll_media"]} for index, a in enumerate(sent["answers"], 1)]
    return {
        "question": sent["question"],
        "answers": answers,
        "expiry": expiry.isoformat(),
        "allow_multiselect": bool(sent.get("allow_multiselect")),
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
        # Who voted is asked for answer by answer and not part of a message; it is taken out before it is shown.
        "_voters": {},
    }


def vote(message: Message, answer_id: int, user_id: str, *, bot: str) -> None:
    """Adds a vote; in a poll with one choice it moves."""
    poll = message.data["poll"]
    if answer_id not in {answer["answer_id"] for answer in poll["answers"]}:
        raise ValueError(f"the poll has no answer {answer_id}")
    voters: dict[int, list[str]] = poll["_voters"]
    for chosen, users in voters.items():
        if user_id in users and (chosen == answer_id or not poll["allow_multiselect"]):
            users.remove(user_id)
    voters.setdefault(answer_id, []).append(user_id)
    counts = [
        {"id": chosen, "count": len(users), "me_voted": bot in users} for chosen, users in voters.items() if users
    ]
    poll["results"]["answer_counts"] = counts


def shown(data: Json) -> Json:
    """A message's JSON as it goes over the wire."""
    made = dict(data)
    if "poll" in made:
        made["poll"] = {key: value for key, value in made["poll"].items() if not key.startswith("_")}
    made["attachments"] = [{key: a[key] for key in a if key != "text"} for a in made["attachments"]]
    return made
