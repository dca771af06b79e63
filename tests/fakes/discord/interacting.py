"""How an interaction is made and sent to the bot: what all kinds of them carry.

Source: Discord API docs, Receiving and Responding to Interactions (Interaction object, contexts, installation owners).
"""

from __future__ import annotations

from tests.fakes.discord import messages, rules
from tests.fakes.discord import world as w
from tests.fakes.discord.rules import EPHEMERAL
from tests.fakes.discord.state import Interaction, State
from tests.fakes.discord.world import Json, Message

GUILD_CONTEXT, DIRECT_CONTEXT = 0, 1
Place = tuple[str, str | None, str]  # user, guild (None: a direct message), channel


def interact(
    state: State,
    kind: int,
    data: Json,
    place: Place,
    locale: str,
    guild_locale: str | None,
    *,
    source: Message | None = None,
    metadata: Json | None = None,
    user_install: bool = False,
    extra: list[Json] | None = None,
) -> str:
    """Makes an interaction, sends it over the gateway and gives its id."""
    user_id, guild_id, channel_id = place
    world = state.world
    owners: Json = {}
    here = guild_id is None or guild_id in world.bot_guilds
    if here:
        owners["0"] = guild_id or "0"
    if user_install or not here:
        owners["1"] = user_id
    about: Json = {"id": world.snowflake(), "type": kind, "user": world.users[user_id]}
    about |= {"authorizing_integration_owners": owners} | (metadata or {})
    if source is not None and kind == rules.COMPONENT:
        about["interacted_message_id"] = source.data["id"]
    if data.get("target_id") and data.get("type") == 3:
        about["target_message_id"] = data["target_id"]
    interaction = Interaction(
        id=about["id"],
        type=kind,
        data=data,
        user_id=user_id,
        guild_id=guild_id,
        channel_id=channel_id,
        created=state.clock(),
        metadata={**about, "type": kind},
        user_only=not here,
        source=source,
    )
    state.interactions[interaction.id] = interaction
    allowed = world.permissions(user_id, channel_id=channel_id)
    granted = world.permissions(world.bot, channel_id=channel_id) if here else w.ORDINARY
    event: Json = {
        "id": interaction.id,
        "application_id": world.application_id,
        "type": kind,
        "token": interaction.token,
        "version": 1,
        "data": data if guild_id is None or "guild_id" in data else data | {"guild_id": guild_id},
        "channel_id": channel_id,
        "channel": world.channels[channel_id] | ({"permissions": str(allowed)} if guild_id else {}),
        "app_permissions": str(granted),
        "locale": locale,
        "context": GUILD_CONTEXT if guild_id else DIRECT_CONTEXT,
        "authorizing_integration_owners": owners,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10 * 1024**2,
    }
    if guild_id is None:
        event["user"] = world.users[user_id]
    else:
        guild = world.guilds[guild_id]
        language = guild_locale or guild["preferred_locale"]
        event |= {"guild_id": guild_id, "guild_locale": language}
        event["guild"] = {"id": guild_id, "locale": language, "features": guild["features"]}
        event["member"] = world.members[guild_id, user_id] | {"permissions": str(allowed)}
    if source is not None:
        flags = {"flags": source.data["flags"] | (EPHEMERAL if source.ephemeral_for else 0)}
        event["message"] = messages.shown(source.data) | flags
        event["message"]["components"] = [*source.data["components"], *(extra or [])]
    # Not by guild: an app that a user installed is told of guilds it is not in.
    state.emit("INTERACTION_CREATE", event)
    return interaction.id
