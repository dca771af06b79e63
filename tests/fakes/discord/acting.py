"""What people do on the Discord server, for tests to ask for: commands, presses, modals, messages, votes.

Every method can be called from the test's thread and from another process. Ids are strings, and may be given as
numbers; without a `user` it is Ada, without a place the text channel of the study group. Whatever Discord's own client
would not let a person do is a ControlError.
"""

from __future__ import annotations

from tests.fakes.discord import channels, messages, rules
from tests.fakes.discord import world as w
from tests.fakes.discord.components import LINK, SELECTS, STRING_SELECT, every
from tests.fakes.discord.filling import command_data, modal_data
from tests.fakes.discord.interacting import DIRECT_CONTEXT, GUILD_CONTEXT, Place, interact
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json, Message
from tests.fakes.serving import ControlError, controlled

Id = str | int


class Acting:
    """The people."""

    state: State

    @controlled
    def slash(
        self,
        name: str,
        options: Json | None = None,
        *,
        subcommand: str | None = None,
        user: Id | None = None,
        guild: Id | bool | None = True,
        channel: Id | None = None,
        locale: str = "en-US",
        guild_locale: str | None = None,
        user_install: bool = False,
    ) -> str:
        """Uses a slash command with options by name; `subcommand` as "sub" or "group sub"; guild None: in the DM."""
        place = self._place(user, guild, channel, user_install=user_install)
        command = self._command(name, 1, place, user_install=user_install)
        data = command_data(self.state.world, command, options or {}, subcommand=subcommand, guild=place[1])
        return interact(self.state, rules.COMMAND, data, place, locale, guild_locale, user_install=user_install)

    @controlled
    def autocomplete(
        self,
        name: str,
        options: Json,
        focused: str,
        *,
        subcommand: str | None = None,
        user: Id | None = None,
        guild: Id | bool | None = True,
        channel: Id | None = None,
        locale: str = "en-US",
        guild_locale: str | None = None,
        user_install: bool = False,
    ) -> str:
        """Types into the option `focused`, whose value so far is among the options."""
        place = self._place(user, guild, channel, user_install=user_install)
        command = self._command(name, 1, place, user_install=user_install)
        world = self.state.world
        data = command_data(world, command, options, subcommand=subcommand, guild=place[1], focused=focused)
        return interact(self.state, rules.AUTOCOMPLETE, data, place, locale, guild_locale, user_install=user_install)

    @controlled
    def message_command(
        self,
        name: str,
        target_message_id: Id,
        *,
        user: Id | None = None,
        locale: str = "en-US",
        guild_locale: str | None = None,
        user_install: bool = False,
    ) -> str:
        """Uses a command of a message's context menu; the message comes with its content."""
        message = self._message(target_message_id)
        place = self._place(user, None, message.data["channel_id"], user_install=user_install)
        command = self._command(name, 3, place, user_install=user_install)
        target = message.data["id"]
        data = {"id": command["id"], "name": name, "type": 3, "target_id": target}
        data["resolved"] = {"messages": {target: messages.shown(message.data)}}
        return interact(self.state, rules.COMMAND, data, place, locale, guild_locale, user_install=user_install)

    @controlled
    def user_command(self, name: str, target_user_id: Id, *, user: Id | None = None, locale: str = "en-US") -> str:
        """Uses a command of a user's context menu in the study group."""
        place = self._place(user, True, None)
        command = self._command(name, 2, place)
        target, world = str(target_user_id), self.state.world
        member = {key: value for key, value in world.members[str(place[1]), target].items() if key != "user"}
        data = {"id": command["id"], "name": name, "type": 2, "target_id": target}
        data["resolved"] = {"users": {target: world.users[target]}, "members": {target: member | {"permissions": "0"}}}
        return interact(self.state, rules.COMMAND, data, place, locale, None)

    @controlled
    def press(
        self,
        message_id: Id,
        custom_id: str,
        *,
        user: Id | None = None,
        locale: str = "en-US",
        guild_locale: str | None = None,
    ) -> str:
        """Presses a button of a message as it is now; an ephemeral message can be pressed by its reader alone."""
        part, message, place = self._part(message_id, custom_id, user)
        if part["type"] != 2 or part.get("style") == LINK:
            raise ControlError(f"{custom_id!r} is no button that can be pressed")
        data = {"component_type": 2, "custom_id": custom_id, "id": part["id"]}
        return interact(self.state, rules.COMPONENT, data, place, locale, guild_locale, source=message)

    @controlled
    def press_forged(
        self, custom_id: str, message_id: Id, *, user: Id | None = None, present: bool = True, locale: str = "en-US"
    ) -> str:
        """Presses a button that the message does not have: as if it had it, or with `present` false not even that."""
        message = self._message(message_id)
        place = self._place(user or message.ephemeral_for, None, message.data["channel_id"])
        data = {"component_type": 2, "custom_id": custom_id, "id": 9999}
        button = {"type": 2, "id": 9999, "style": 2, "label": "?", "custom_id": custom_id, "disabled": False}
        extra = [{"type": 1, "id": 9998, "components": [button]}] if present else []
        return interact(self.state, rules.COMPONENT, data, place, locale, None, source=message, extra=extra)

    @controlled
    def old_message(self, sent: Json, *, channel: Id | None = None) -> str:
        """A message that the bot wrote in an earlier life, with whatever it then had; gives its id."""
        place = self._place(None, True if channel is None else None, channel)
        message = messages.compose(self.state.world, place[2], self.state.world.bot, sent)
        return str(message.data["id"])

    @controlled
    def select(
        self,
        message_id: Id,
        custom_id: str,
        values: list[str],
        *,
        user: Id | None = None,
        locale: str = "en-US",
        guild_locale: str | None = None,
    ) -> str:
        """Chooses in a select: the values of its options, or ids."""
        part, message, place = self._part(message_id, custom_id, user)
        if part["type"] not in SELECTS:
            raise ControlError(f"{custom_id!r} is no select")
        offered = [option["value"] for option in part.get("options", [])]
        if part["type"] == STRING_SELECT and any(value not in offered for value in values):
            raise ControlError(f"{custom_id!r} offers {offered}, not {values}")
        least, most = part.get("min_values", 1), part.get("max_values", 1)
        if not least <= len(values) <= most:
            raise ControlError(f"{custom_id!r} takes {least} to {most} values, not {len(values)}")
        data: Json = {"component_type": part["type"], "custom_id": custom_id, "id": part["id"], "values": values}
        if part["type"] != STRING_SELECT:
            data["resolved"] = self._resolved(values, place[1])
        return interact(self.state, rules.COMPONENT, data, place, locale, guild_locale, source=message)

    @controlled
    def submit_modal(self, modal: str, values: Json, *, user: Id | None = None, locale: str = "en-US") -> str:
        """Sends a modal off with values by custom_id; `modal` is the interaction it answered, or its custom_id."""
        shown = [one for one in self.state.interactions.values() if one.modal is not None]
        found = next((one for one in reversed(shown) if modal in {one.id, (one.modal or {}).get("custom_id")}), None)
        if found is None or found.modal is None:
            raise ControlError(f"no modal was shown for {modal!r}")
        user_id = str(user or found.user_id)
        place = (user_id, found.guild_id, found.channel_id)
        data = modal_data(found.modal, values)
        metadata = {"triggering_interaction_metadata": found.metadata}
        user_only = found.user_only
        return interact(
            self.state,
            rules.MODAL_SUBMIT,
            data,
            place,
            locale,
            None,
            source=found.source,
            metadata=metadata,
            user_install=user_only,
        )

    @controlled
    def interact(self, kind: int, data: Json, *, user: Id | None = None, guild: Id | bool | None = True) -> str:
        """Any interaction at all, also one that no client would send."""
        return interact(self.state, kind, data, self._place(user, guild, None), "en-US", None)

    @controlled
    def say(
        self,
        content: str,
        *,
        user: Id | None = None,
        channel: Id | None = None,
        mention_bot: bool = False,
        reply_to: Id | None = None,
    ) -> str:
        """Writes a message in a channel; gives its id."""
        author, _, channel_id = self._place(user, True if channel is None else None, channel)
        words = f"<@{self.state.world.bot}> {content}" if mention_bot else content
        sent: Json = {"content": words}
        if reply_to is not None:
            sent["message_reference"] = {"message_id": str(reply_to)}
        message = messages.compose(self.state.world, channel_id, author, sent)
        self.state.publish(message)
        return str(message.data["id"])

    @controlled
    def direct_message(self, content: str, user: Id | None = None) -> str:
        """Writes to the bot; gives the id of the message."""
        author = str(user or self.state.world.user)
        message = messages.compose(self.state.world, self.state.world.open_dm(author), author, {"content": content})
        self.state.publish(message)
        return str(message.data["id"])

    @controlled
    def edit_message(self, message_id: Id, content: str) -> None:
        """Its author changes a message."""
        message = self._message(message_id)
        message.data |= {"content": content, "edited_timestamp": w.timestamp()}
        self.state.publish(message, event="MESSAGE_UPDATE")

    @controlled
    def delete_message(self, message_id: Id) -> None:
        """Somebody who may deletes a message."""
        self.state.delete(self._message(message_id))

    @controlled
    def react(self, message_id: Id, emoji: str, *, user: Id | None = None) -> None:
        """Adds a reaction."""
        channels.react(self.state, self._message(message_id), emoji, str(user or self.state.world.user))

    @controlled
    def vote(self, message_id: Id, answer_id: int, *, user: Id | None = None) -> None:
        """Votes in a poll."""
        message, user_id = self._message(message_id), str(user or self.state.world.user)
        messages.vote(message, answer_id, user_id, bot=self.state.world.bot)
        channel_id = message.data["channel_id"]
        event = {"user_id": user_id, "channel_id": channel_id, "message_id": str(message_id), "answer_id": answer_id}
        guild_id = self.state.world.channels[channel_id].get("guild_id")
        event |= {"guild_id": guild_id} if guild_id else {}
        self.state.emit("MESSAGE_POLL_VOTE_ADD", event, channel_id=channel_id)

    def _place(
        self, user: Id | None, guild: Id | bool | None, channel: Id | None, *, user_install: bool = False
    ) -> Place:
        """Who, in which guild (None: a direct message), in which channel."""
        world, user_id = self.state.world, str(user or self.state.world.user)
        if user_id not in world.users:
            raise ControlError(f"no user {user_id}")
        if channel is not None:
            channel_id = str(channel)
            if channel_id not in world.channels:
                raise ControlError(f"no channel {channel_id}")
            guild_id = world.channels[channel_id].get("guild_id")
        elif not guild:
            return user_id, None, world.open_dm(user_id)
        else:
            default = world.foreign_guild if user_install else world.guild
            guild_id = default if guild is True else str(guild)
            texts = [one["id"] for one in world.channels_of(guild_id) if one["type"] == w.TEXT]
            if not texts:
                raise ControlError(f"guild {guild_id} has no text channel")
            channel_id = texts[0]
        if guild_id is not None and (guild_id, user_id) not in world.members:
            raise ControlError(f"user {user_id} is no member of guild {guild_id}")
        return user_id, guild_id, channel_id

    def _command(self, name: str, kind: int, place: Place, *, user_install: bool = False) -> Json:
        """The registered command a person would find there; that of the guild comes before the global one."""
        user_id, guild_id, channel_id = place
        scopes = [self.state.commands.get(guild_id, {}) if guild_id else {}, self.state.commands.get(None, {})]
        known = [command for scope in scopes for command in scope.values() if command["type"] == kind]
        found = next((command for command in known if command["name"] == name), None)
        if found is None:
            raise ControlError(
                f"no command {name!r} of type {kind} is registered; there are {[c['name'] for c in known]}"
            )
        context = GUILD_CONTEXT if guild_id else DIRECT_CONTEXT
        contexts = found["contexts"] if found["contexts"] is not None else [0, 1, 2] if found["dm_permission"] else [0]
        if "guild_id" not in found and context not in contexts:
            raise ControlError(f"{name!r} is not offered in context {context}, only in {contexts}")
        if user_install and 1 not in found["integration_types"]:
            raise ControlError(f"{name!r} is not for apps that a user installed")
        if not user_install and guild_id is not None and guild_id not in self.state.world.bot_guilds:
            raise ControlError(f"the app is not in guild {guild_id}")
        granted = self.state.world.permissions(user_id, channel_id=channel_id)
        needed = int(found["default_member_permissions"] or 0)
        if guild_id is not None and granted & needed != needed:
            raise ControlError(f"{name!r} is hidden from user {user_id}, who lacks permissions {needed & ~granted:#x}")
        return found

    def _message(self, message_id: Id) -> Message:
        found = self.state.world.find_message(str(message_id))
        if found is None:
            raise ControlError(f"no message {message_id}")
        return found

    def _part(self, message_id: Id, custom_id: str, user: Id | None) -> tuple[Json, Message, Place]:
        """A component of a message that the user can see and use."""
        message = self._message(message_id)
        reader = str(user or message.ephemeral_for or self.state.world.user)
        if message.ephemeral_for not in {None, reader}:
            raise ControlError(f"message {message_id} is seen by user {message.ephemeral_for} alone")
        parts = [part for part in every(message.data["components"]) if part.get("custom_id")]
        part = next((part for part in parts if part["custom_id"] == custom_id), None)
        if part is None:
            raise ControlError(f"message {message_id} has no {custom_id!r}, only {[p['custom_id'] for p in parts]}")
        if part.get("disabled"):
            raise ControlError(f"{custom_id!r} is disabled")
        channel = None if message.ephemeral_for is None else message.data["channel_id"]
        return part, message, self._place(reader, None, channel or message.data["channel_id"])

    def _resolved(self, values: list[str], guild_id: str | None) -> Json:
        world, resolved = self.state.world, {}
        roles = {role["id"]: role for role in world.guilds[guild_id]["roles"]} if guild_id else {}
        for kind, known in (("users", world.users), ("roles", roles), ("channels", world.channels)):
            if found := {value: known[value] for value in values if value in known}:
                resolved[kind] = found
        return resolved
