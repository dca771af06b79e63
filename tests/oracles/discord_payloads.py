"""A small world in Discord's own shapes, enough for discord.py to live in; it holds no logic."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from typing import Any

_EPOCH_MILLISECONDS = 1_420_070_400_000
_numbers = itertools.count(1)


def snowflake() -> str:
    """A new id that carries the time of now: a library reads from it when an interaction expires."""
    now = int(time.time() * 1000) - _EPOCH_MILLISECONDS
    return str((now << 22) | (next(_numbers) & 0xFFF))


NOW = "2026-01-02T03:04:05.000000+00:00"
EVERYTHING = str((1 << 53) - 1)

BOT: dict[str, Any] = {
    "id": snowflake(),
    "username": "roadmap",
    "discriminator": "0",
    "global_name": "Roadmap",
    "avatar": None,
    "bot": True,
}
PERSON: dict[str, Any] = {
    "id": snowflake(),
    "username": "ada",
    "discriminator": "0",
    "global_name": "Ada",
    "avatar": None,
}
APPLICATION_ID = snowflake()
GUILD_ID = snowflake()
TEXT_ID, NEWS_ID, FORUM_ID, DM_ID = snowflake(), snowflake(), snowflake(), snowflake()
TAG_ID = snowflake()

MEMBER: dict[str, Any] = {
    "user": PERSON,
    "nick": None,
    "avatar": None,
    "roles": [],
    "joined_at": NOW,
    "deaf": False,
    "mute": False,
    "flags": 0,
}
APPLICATION: dict[str, Any] = {
    "id": APPLICATION_ID,
    "name": "Roadmap",
    "description": "",
    "icon": None,
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": PERSON,
    "verify_key": "00",
    "flags": 0,
}


def channel(number: str, kind: int, name: str) -> dict[str, Any]:
    """A channel of the guild."""
    shared = {
        "id": number,
        "guild_id": GUILD_ID,
        "type": kind,
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "nsfw": False,
        "topic": None,
        "flags": 0,
        "rate_limit_per_user": 0,
    }
    forum = {
        "available_tags": [
            {"id": TAG_ID, "name": "paper", "moderated": False, "emoji_id": None, "emoji_name": None},
        ],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }
    return shared | (forum if kind == 15 else {"last_message_id": None})


def guild() -> dict[str, Any]:
    """The guild as GUILD_CREATE carries it, with a text, an announcement and a forum channel."""
    everyone = {
        "id": GUILD_ID,
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": EVERYTHING,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "afk_channel_id",
            "application_id",
            "banner",
            "description",
            "discovery_splash",
            "hub_type",
            "icon",
            "incidents_data",
            "public_updates_channel_id",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "splash",
            "system_channel_id",
            "vanity_url_code",
        )
    )
    empty: dict[str, Any] = {
        name: []
        for name in (
            "emojis",
            "features",
            "guild_scheduled_events",
            "presences",
            "soundboard_sounds",
            "stage_instances",
            "threads",
            "voice_states",
        )
    }
    return (
        nothing
        | empty
        | {
            "id": GUILD_ID,
            "name": "Study group",
            "owner_id": PERSON["id"],
            "afk_timeout": 300,
            "channels": [
                channel(TEXT_ID, 0, "general"),
                channel(NEWS_ID, 5, "papers"),
                channel(FORUM_ID, 15, "questions"),
            ],
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "joined_at": NOW,
            "large": False,
            "member_count": 2,
            "members": [MEMBER, MEMBER | {"user": BOT}],
            "mfa_level": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "premium_progress_bar_enabled": False,
            "premium_tier": 0,
            "roles": [everyone],
            "system_channel_flags": 0,
            "verification_level": 0,
        }
    )


def ready(resume_url: str) -> dict[str, Any]:
    """What READY says at the start of a session."""
    return {
        "v": 10,
        "user": BOT,
        "guilds": [{"id": GUILD_ID, "unavailable": True}],
        "session_id": "a-session",
        "resume_gateway_url": resume_url,
        "application": {"id": APPLICATION_ID, "flags": 0, "flags_new": "0"},
    }


def message(channel_id: str, author: Mapping[str, Any] = BOT, **changes: Any) -> dict[str, Any]:
    """A message as the API gives it back."""
    return {
        "id": snowflake(),
        "channel_id": channel_id,
        "author": dict(author),
        "content": "",
        "timestamp": NOW,
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "components": [],
    } | changes


def thread(parent_id: str, name: str) -> dict[str, Any]:
    """A thread as the API gives it back."""
    return {
        "id": snowflake(),
        "guild_id": GUILD_ID,
        "parent_id": parent_id,
        "owner_id": BOT["id"],
        "type": 11,
        "name": name,
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": NOW,
            "locked": False,
        },
    }


def interaction(kind: int, data: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """What INTERACTION_CREATE carries for somebody in the text channel: 2 a command, 3 a press, 4 typing, 5 a modal."""
    return {
        "id": snowflake(),
        "application_id": APPLICATION_ID,
        "type": kind,
        "data": dict(data),
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-US", "features": []},
        "channel_id": TEXT_ID,
        "channel": {"id": TEXT_ID, "type": 0, "name": "general", "guild_id": GUILD_ID},
        "member": MEMBER | {"permissions": EVERYTHING},
        "token": f"token-{snowflake()}",
        "version": 1,
        "locale": "en-US",
        "guild_locale": "en-US",
        "app_permissions": EVERYTHING,
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD_ID},
        "context": 0,
        "attachment_size_limit": 10 * 1024**2,
    } | changes
