"""The world the Discord server serves: users, guilds, members, channels and permissions, as Discord's own JSON objects.

Objects are the dicts that go over the wire; what a client must not see is kept beside them. No HTTP, no gateway, no
rules. Field names and permission bits: Discord API docs, Guild, Channel and User resources, and Permissions.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]
DISCORD_EPOCH_MS = 1_420_070_400_000

TEXT, DIRECT, CATEGORY, NEWS, FORUM = 0, 1, 4, 5, 15
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
WRITABLE = (TEXT, DIRECT, NEWS, *THREADS)

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
READ_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_THREADS = 1 << 35
SEND_IN_THREADS = 1 << 38
PIN_MESSAGES = 1 << 51
EVERYTHING = (1 << 53) - 1
# What a message needs permission for, by the field that has it: embed links, attach files, send polls.
NEEDED_FOR = {"embeds": 1 << 14, "attachments": 1 << 15, "poll": 1 << 49}
# Those, external emoji, create private threads, external apps.
_SMALL_RIGHTS = (1 << 14) | (1 << 15) | (1 << 49) | (1 << 18) | (1 << 36) | (1 << 50)
ORDINARY = (
    ADD_REACTIONS | VIEW_CHANNEL | SEND_MESSAGES | READ_HISTORY | USE_COMMANDS | CREATE_THREADS | SEND_IN_THREADS
) | _SMALL_RIGHTS


class Snowflakes:
    """Makes ids that carry the present time, each larger than the one before."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> str:
        self._last = max(self._last + 1, (time.time_ns() // 1_000_000 - DISCORD_EPOCH_MS) << 22)
        return str(self._last)


class Clock:
    """The server's own clock: monotonic seconds that a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def timestamp() -> str:
    """The present as Discord writes it."""
    return datetime.now(UTC).isoformat()


@dataclass(slots=True)
class Message:
    """A message as stored: its JSON, and who alone sees it when it is ephemeral."""

    data: Json
    ephemeral_for: str | None = None


class World:
    """Users, guilds, channels, members and messages by id; ids are strings, as on the wire."""

    def __init__(self) -> None:
        self.snowflake = Snowflakes()
        self.users: dict[str, Json] = {}
        self.guilds: dict[str, Json] = {}
        self.bot_guilds: set[str] = set()
        self.unavailable: set[str] = set()
        self.channels: dict[str, Json] = {}
        self.members: dict[tuple[str, str], Json] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.thread_members: dict[str, dict[str, Json]] = {}
        self.closed_to_bot: set[str] = set()
        self.application_id = self.snowflake()
        self.bot = self.add_user("roadmap", bot=True, id=self.application_id)
        self.user = self.add_user("ada", global_name="Ada")
        self.other_user = self.add_user("ben", global_name="Ben")
        self.owner = self.add_user("mina", global_name="Mina")
        self.guild = self.add_guild("Study group")
        for user in (self.user, self.other_user):
            self.add_member(self.guild, user)
        self.text_channel = self.add_channel("general", guild=self.guild)
        self.news_channel = self.add_channel("announcements", guild=self.guild, kind=NEWS)
        self.forum = self.add_channel("questions", guild=self.guild, kind=FORUM)
        self.dm_channel = self.open_dm(self.user)
        self.foreign_guild = self.add_guild("Elsewhere", bot=False)
        self.add_member(self.foreign_guild, self.user)
        self.foreign_channel = self.add_channel("lounge", guild=self.foreign_guild)

    # users and guilds

    def add_user(self, name: str, *, bot: bool = False, global_name: str | None = None, id: str | None = None) -> str:  # noqa: A002
        """A new user; gives the id."""
        user_id = id or self.snowflake()
        self.users[user_id] = {
            "id": user_id,
            "username": name,
            "discriminator": "0000" if bot else "0",
            "global_name": global_name,
            "avatar": None,
            "bot": bot,
            "system": False,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }
        return user_id

    def add_guild(self, name: str, *, bot: bool = True, locale: str = "en-US", owner: str | None = None) -> str:
        """A new guild with its owner as member, and with the bot unless told otherwise; gives the id."""
        guild_id = self.snowflake()
        self.guilds[guild_id] = {
            "id": guild_id,
            "name": name,
            "owner_id": owner or self.owner,
            "icon": None,
            "splash": None,
            "banner": None,
            "discovery_splash": None,
            "description": None,
            "features": ["COMMUNITY", "NEWS"],
            "preferred_locale": locale,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "afk_timeout": 300,
            "afk_channel_id": None,
            "application_id": None,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "vanity_url_code": None,
            "hub_type": None,
            "incidents_data": None,
            "premium_progress_bar_enabled": False,
            "emojis": [],
            "stickers": [],
            "roles": [_role(guild_id, "@everyone", ORDINARY, position=0)],
        }
        self.add_member(guild_id, owner or self.owner)
        if bot:
            self.join_bot(guild_id)
        return guild_id

    def add_member(self, guild_id: str, user_id: str) -> Json:
        """Makes a user a member of a guild."""
        member = self.members[guild_id, user_id] = {
            "user": self.users[user_id],
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "roles": [],
            "joined_at": timestamp(),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        return member

    def join_bot(self, guild_id: str) -> None:
        """Adds the bot to a guild, with a role of its own as an invitation makes one."""
        self.add_member(guild_id, self.bot)
        self.bot_guilds.add(guild_id)
        self.give_role(guild_id, self.bot, ORDINARY)

    def leave_bot(self, guild_id: str) -> None:
        """Takes the bot out of a guild."""
        self.members.pop((guild_id, self.bot), None)
        self.bot_guilds.discard(guild_id)
        self.unavailable.discard(guild_id)

    def members_of(self, guild_id: str) -> list[Json]:
        """The members of a guild."""
        return [member for (guild, _), member in self.members.items() if guild == guild_id]

    # permissions

    def give_role(self, guild_id: str, user_id: str, permissions: int) -> Json:
        """Sets the permissions of a member's own role, which is made when missing; gives the role."""
        roles, member = self.guilds[guild_id]["roles"], self.members[guild_id, user_id]
        own = next((role for role in roles if role["id"] in member["roles"]), None)
        if own is None:
            name = self.users[user_id]["username"]
            own = _role(self.snowflake(), name, permissions, position=len(roles))
            roles.append(own)
            member["roles"].append(own["id"])
        own["permissions"] = str(permissions)
        return own

    def permissions(self, user_id: str, *, channel_id: str | None = None, guild_id: str | None = None) -> int:
        """What a member may do in a guild or channel (Discord API docs, Permissions: overwrite algorithm)."""
        channel = self.channels[channel_id] if channel_id is not None else {}
        guild_id = guild_id or channel.get("guild_id")
        if guild_id is None:
            return ORDINARY
        member = self.members.get((guild_id, user_id))
        if member is None:
            return 0
        guild = self.guilds[guild_id]
        granted = 0
        for role in guild["roles"]:
            if role["id"] == guild_id or role["id"] in member["roles"]:
                granted |= int(role["permissions"])
        if guild["owner_id"] == user_id or granted & ADMINISTRATOR:
            return EVERYTHING
        if channel.get("type") in THREADS:
            channel = self.channels[channel["parent_id"]]
        overwrites = {entry["id"]: entry for entry in channel.get("permission_overwrites", [])}
        for group in ([guild_id], member["roles"], [user_id]):
            found = [overwrites[key] for key in group if key in overwrites]
            for entry in found:
                granted &= ~int(entry["deny"])
            for entry in found:
                granted |= int(entry["allow"])
        return granted

    # channels

    def add_channel(self, name: str, *, guild: str, kind: int = TEXT, topic: str | None = None) -> str:
        """A new channel of a guild; gives the id."""
        channel_id = self.snowflake()
        self.channels[channel_id] = {
            "id": channel_id,
            "type": kind,
            "guild_id": guild,
            "name": name,
            "topic": topic,
            "position": len(self.channels_of(guild)),
            "permission_overwrites": [],
            "parent_id": None,
            "nsfw": False,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "flags": 0,
        }
        if kind == FORUM:
            self.channels[channel_id] |= {"available_tags": [], "default_sort_order": None, "default_forum_layout": 0}
            self.channels[channel_id]["default_reaction_emoji"] = None
        self.messages[channel_id] = {}
        return channel_id

    def add_thread(self, name: str, *, parent: str, owner: str, kind: int | None = None, **settings: Any) -> str:
        """A new thread under a channel; gives the id. `settings` are fields of the thread or of its metadata."""
        channel = self.channels[parent]
        thread_id = settings.pop("id", None) or self.snowflake()
        metadata = {
            "archived": False,
            "locked": False,
            "auto_archive_duration": settings.pop("auto_archive_duration", None) or 4320,
            "archive_timestamp": timestamp(),
            "create_timestamp": timestamp(),
        }
        self.channels[thread_id] = {
            "id": thread_id,
            "type": kind or (NEWS_THREAD if channel["type"] == NEWS else PUBLIC_THREAD),
            "guild_id": channel["guild_id"],
            "parent_id": parent,
            "owner_id": owner,
            "name": name,
            "last_message_id": None,
            "rate_limit_per_user": 0,
            "message_count": 0,
            "member_count": 1,
            "total_message_sent": 0,
            "flags": 0,
            "thread_metadata": metadata,
        } | {key: value for key, value in settings.items() if value is not None}
        self.messages[thread_id] = {}
        self.thread_members[thread_id] = {}
        self.join_thread(thread_id, owner)
        return thread_id

    def join_thread(self, thread_id: str, user_id: str) -> None:
        """Adds a member to a thread."""
        entry = {"id": thread_id, "user_id": user_id, "join_timestamp": timestamp(), "flags": 0}
        self.thread_members[thread_id][user_id] = entry
        self.channels[thread_id]["member_count"] = len(self.thread_members[thread_id])

    def open_dm(self, user_id: str) -> str:
        """The channel between the bot and a user, made when there is none."""
        for channel_id, channel in self.channels.items():
            if channel["type"] == DIRECT and channel["recipients"][0]["id"] == user_id:
                return channel_id
        channel_id = self.snowflake()
        self.channels[channel_id] = {
            "id": channel_id,
            "type": DIRECT,
            "last_message_id": None,
            "recipients": [self.users[user_id]],
            "flags": 0,
        }
        self.messages[channel_id] = {}
        return channel_id

    def channels_of(self, guild_id: str, *, threads: bool = False) -> list[Json]:
        """The channels of a guild, or its active threads."""
        of_guild = [channel for channel in self.channels.values() if channel.get("guild_id") == guild_id]
        if threads:
            active = [channel for channel in of_guild if channel["type"] in THREADS]
            return [thread for thread in active if not thread["thread_metadata"]["archived"]]
        return [channel for channel in of_guild if channel["type"] not in THREADS]

    def remove_channel(self, channel_id: str) -> Json:
        """Deletes a channel with its threads and messages; gives what it was."""
        for thread in [one for one in self.channels.values() if one.get("parent_id") == channel_id]:
            self.remove_channel(thread["id"])
        self.messages.pop(channel_id, None)
        return self.channels.pop(channel_id)

    # messages

    def find_message(self, message_id: str) -> Message | None:
        """A message wherever it is; ephemeral ones too."""
        return next((known[message_id] for known in self.messages.values() if message_id in known), None)

    def gateway_guild(self, guild_id: str) -> Json:
        """What GUILD_CREATE says (Discord API docs, Gateway events: Guild Create)."""
        members = self.members_of(guild_id)
        return self.guilds[guild_id] | {
            "unavailable": False,
            "large": False,
            "joined_at": self.members[guild_id, self.bot]["joined_at"],
            "member_count": len(members),
            "members": members,
            "channels": self.channels_of(guild_id),
            "threads": self.channels_of(guild_id, threads=True),
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


def _role(role_id: str, name: str, permissions: int, *, position: int) -> Json:
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
