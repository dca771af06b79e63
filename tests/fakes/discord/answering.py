"""The REST routes by which a bot answers interactions: the callback, the original response and the follow-ups.

Source: Discord API docs, Receiving and Responding to Interactions.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import messages, rules
from tests.fakes.discord.refusal import Refusal, refuse_if
from tests.fakes.discord.routing import Call, Reply
from tests.fakes.discord.rules import COMPONENTS_V2, EPHEMERAL, LOADING
from tests.fakes.discord.state import Interaction, State
from tests.fakes.discord.world import Json, Message

FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0
FOLLOWUPS_FOR_USER_INSTALL = 5


def callback(state: State, call: Call) -> Reply:
    """POST /interactions/{interaction}/{token}/callback."""
    interaction = state.interactions.get(call["interaction"])
    if interaction is None or interaction.token != call["token"]:
        raise Refusal(10062)
    if interaction.acknowledged is not None:
        raise Refusal(40060)
    if state.clock() - interaction.created > FIRST_ANSWER_SECONDS:
        raise Refusal(10062)
    refuse_if(
        rules.callback(
            call.body,
            interaction.type,
            from_message=interaction.source is not None,
            focused=_focused(interaction.data.get("options")),
            files=bool(call.files),
            v2=interaction.source is not None and bool(interaction.source.data["flags"] & COMPONENTS_V2),
        )
    )
    kind, data = call.body["type"], call.body.get("data") or {}
    if kind == rules.NEW_MESSAGE:
        interaction.original = _say(state, interaction, data, call.files)
    elif kind == rules.DEFER:
        flags = LOADING | (data.get("flags") or 0)
        interaction.original = _say(state, interaction, {"flags": flags}, ())
        interaction.loading = True
    elif kind in {rules.DEFER_UPDATE, rules.UPDATE} and interaction.source is not None:
        if kind == rules.UPDATE:
            messages.edit(state.world, interaction.source, data, files=call.files, kind="answer_edit")
            state.publish(interaction.source, event="MESSAGE_UPDATE")
        interaction.original = interaction.source
    elif kind == rules.MODAL:
        interaction.modal = data
    interaction.acknowledged = kind
    state.answered(interaction, "callback", data, type=kind, message=interaction.original)
    if call.query.get("with_response") not in {"1", "true"}:
        return 204, None
    return 200, _about(interaction, kind)


def _about(interaction: Interaction, kind: int) -> Json:
    about: Json = {"id": interaction.id, "type": interaction.type}
    original = interaction.original
    if original is None:
        return {"interaction": about}
    about["response_message_id"] = original.data["id"]
    about["response_message_loading"] = interaction.loading
    about["response_message_ephemeral"] = bool(original.data["flags"] & EPHEMERAL)
    if kind == rules.DEFER_UPDATE:
        return {"interaction": about}
    return {"interaction": about, "resource": {"type": kind, "message": messages.shown(original.data)}}


def _focused(options: Any) -> int:
    """The type of the option being completed; strings where nothing is."""
    for option in options or []:
        if option.get("focused"):
            return int(option["type"])
        if option.get("options"):
            return _focused(option["options"])
    return 3


def _say(state: State, interaction: Interaction, sent: Json, files: tuple[Json, ...], **extra: Any) -> Message:
    """A message in answer to an interaction, where the interaction was made."""
    kind = 0
    if interaction.type == rules.COMMAND:
        kind = messages.COMMAND_MESSAGE if interaction.data.get("type", 1) == 1 else messages.CONTEXT_MESSAGE
    answered = interaction.original or (interaction.source if interaction.type == rules.COMPONENT else None)
    if answered is not None:
        reference = {"type": 0, "message_id": answered.data["id"], "channel_id": interaction.channel_id}
        kind, extra = messages.REPLY, extra | {"message_reference": reference}
    metadata = interaction.metadata
    if interaction.original is not None:
        metadata = metadata | {"original_response_message_id": interaction.original.data["id"]}
    if interaction.type == rules.COMMAND:
        user = state.world.users[interaction.user_id]
        command = {"id": interaction.id, "type": 2, "name": interaction.data["name"], "user": user}
        extra = extra | {"interaction": command}
    private = (sent.get("flags") or 0) & EPHEMERAL
    message = messages.compose(
        state.world,
        interaction.channel_id,
        state.world.bot,
        sent,
        files=files,
        kind=kind,
        ephemeral_for=interaction.user_id if private else None,
        webhook_id=state.world.application_id,
        application_id=state.world.application_id,
        interaction_metadata=metadata,
        **extra,
    )
    state.publish(message)
    return message


def _with_token(state: State, call: Call) -> Interaction:
    found = next((one for one in state.interactions.values() if one.token == call["token"]), None)
    if found is None or call["application"] != state.world.application_id or found.acknowledged is None:
        raise Refusal(10015)
    if state.clock() - found.created > TOKEN_SECONDS:
        raise Refusal(50027)
    return found


def follow_up(state: State, call: Call) -> Reply:
    """POST /webhooks/{application}/{token}; right after a deferral it fills in the original response."""
    interaction = _with_token(state, call)
    refuse_if(rules.message(call.body, "answer", files=bool(call.files)))
    if interaction.loading and interaction.original is not None:
        return _edit(state, interaction, interaction.original, call)
    if interaction.user_only and len(interaction.followups) >= FOLLOWUPS_FOR_USER_INSTALL:
        raise Refusal(40094)
    message = _say(state, interaction, call.body, call.files)
    interaction.followups[message.data["id"]] = message
    state.answered(interaction, "followup", call.body, message=message)
    return 200, messages.shown(message.data)


def _edit(state: State, interaction: Interaction, message: Message, call: Call) -> Reply:
    filling = interaction.loading and message is interaction.original
    messages.edit(state.world, message, call.body, files=call.files, kind="answer_edit", quiet=filling)
    if filling:
        interaction.loading = False
        if call.body.get("poll"):
            message.data["poll"] = messages.poll(call.body["poll"])
    state.publish(message, event="MESSAGE_UPDATE")
    state.answered(interaction, "edit", call.body, message=message)
    return 200, messages.shown(message.data)


def _which(state: State, call: Call) -> tuple[Interaction, Message]:
    interaction = _with_token(state, call)
    message = interaction.original
    if call["message"] != "@original":
        # The original response goes by its own id as well.
        of_id = interaction.followups.get(call["message"])
        message = of_id or (message if message is not None and message.data["id"] == call["message"] else None)
    if message is None or message.data["id"] not in state.world.messages.get(message.data["channel_id"], {}):
        raise Refusal(10008)
    return interaction, message


def get_answer(state: State, call: Call) -> Reply:
    """GET /webhooks/{application}/{token}/messages/{message}."""
    return 200, messages.shown(_which(state, call)[1].data)


def edit_answer(state: State, call: Call) -> Reply:
    """PATCH /webhooks/{application}/{token}/messages/{message}."""
    return _edit(state, *_which(state, call), call)


def delete_answer(state: State, call: Call) -> Reply:
    """DELETE /webhooks/{application}/{token}/messages/{message}."""
    interaction, message = _which(state, call)
    state.delete(message)
    state.answered(interaction, "delete", None, message=message)
    return 204, None


ROUTES = (
    ("POST", "/interactions/{interaction}/{token}/callback", callback),
    ("POST", "/webhooks/{application}/{token}", follow_up),
    ("GET", "/webhooks/{application}/{token}/messages/{message}", get_answer),
    ("PATCH", "/webhooks/{application}/{token}/messages/{message}", edit_answer),
    ("DELETE", "/webhooks/{application}/{token}/messages/{message}", delete_answer),
)
