"""The REST routes about the bot itself, its application commands, and the guilds and users it can look at.

Source: Discord API docs, User, Application, Application Commands and Guild resources.
"""

from __future__ import annotations

from tests.fakes.discord import command_rules
from tests.fakes.discord.checks import Problems
from tests.fakes.discord.refusal import Refusal, refuse_if
from tests.fakes.discord.routing import Call, Reply, Route
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json

# The flags of an application that may have a privileged intent (Application: Flags, the limited kinds).
_LIMITED_INTENTS = {1 << 8: 1 << 13, 1 << 1: 1 << 15, 1 << 15: 1 << 19}


def me(state: State, _call: Call) -> Reply:
    """GET /users/@me."""
    own = {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None, "flags": 0}
    return 200, state.world.users[state.world.bot] | own


def application(state: State, _call: Call) -> Reply:
    """GET /applications/@me and GET /oauth2/applications/@me."""
    world = state.world
    allowed = state.gateway.allowed_intents
    return 200, {
        "id": world.application_id,
        "name": world.users[world.bot]["username"],
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": world.users[world.owner],
        "team": None,
        "verify_key": "0" * 64,
        "flags": sum(flag for intent, flag in _LIMITED_INTENTS.items() if allowed & intent),
        "approximate_guild_count": len(world.bot_guilds),
        "interactions_endpoint_url": None,
        "integration_types_config": {"0": {}, "1": {}},
        "bot": world.users[world.bot],
    }


def gateway(state: State, _call: Call) -> Reply:
    """GET /gateway and GET /gateway/bot."""
    left = {"total": 1000, "remaining": 1000 - state.gateway.identified, "reset_after": 86_400_000}
    return 200, {"url": state.gateway.url(), "shards": 1, "session_start_limit": left | {"max_concurrency": 1}}


def _scope(state: State, call: Call) -> tuple[str | None, dict[str, Json]]:
    guild_id = call.parts.get("guild")
    if call["application"] != state.world.application_id:
        raise Refusal(50001)
    if guild_id is not None and guild_id not in state.world.bot_guilds:
        raise Refusal(50001)
    return guild_id, state.commands.setdefault(guild_id, {})


def _registered(state: State, guild_id: str | None, given: Json, earlier: Json | None) -> Json:
    """A command as kept: what was given, with Discord's defaults; its id stays while name and type do."""
    made = {
        "id": earlier["id"] if earlier else state.world.snowflake(),
        "application_id": state.world.application_id,
        "type": 1,
        "description": "",
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
    } | {key: value for key, value in given.items() if value is not None and key != "id"}
    if made["default_member_permissions"] is not None:
        made["default_member_permissions"] = str(made["default_member_permissions"])
    if guild_id is not None:
        made["guild_id"] = guild_id
    same = earlier is not None and {**made, "version": earlier["version"]} == earlier
    return made | {"version": earlier["version"] if earlier is not None and same else state.world.snowflake()}


def _named(known: dict[str, Json], given: Json) -> Json | None:
    wanted = (given.get("type") or 1, given.get("name"))
    return next((command for command in known.values() if (command["type"], command["name"]) == wanted), None)


def list_commands(state: State, call: Call) -> Reply:
    """GET …/commands; without ?with_localizations the translations are left out."""
    commands = list(_scope(state, call)[1].values())
    if call.query.get("with_localizations") in {"1", "true"}:
        return 200, commands
    hidden = {"name_localizations", "description_localizations"}
    return 200, [{key: value for key, value in command.items() if key not in hidden} for command in commands]


def replace_commands(state: State, call: Call) -> Reply:
    """PUT …/commands."""
    guild_id, known = _scope(state, call)
    refuse_if(command_rules.commands(call.body))
    made = [_registered(state, guild_id, given, _named(known, given)) for given in call.body]
    state.commands[guild_id] = {command["id"]: command for command in made}
    return 200, made


def add_command(state: State, call: Call) -> Reply:
    """POST …/commands; one of the same name and type is overwritten."""
    guild_id, known = _scope(state, call)
    earlier = _named(known, call.body) if isinstance(call.body, dict) else None
    problems = Problems()
    command_rules.command(call.body, problems)
    refuse_if(problems)
    kind = call.body.get("type") or 1
    if earlier is None and sum(one["type"] == kind for one in known.values()) >= command_rules.MOST_COMMANDS[kind]:
        problems.add((), "BASE_TYPE_MAX_LENGTH", f"Only {command_rules.MOST_COMMANDS[kind]} commands are allowed")
        refuse_if(problems)
    made = _registered(state, guild_id, call.body, earlier)
    known[made["id"]] = made
    return 200 if earlier else 201, made


def _command(state: State, call: Call) -> tuple[str | None, dict[str, Json], Json]:
    guild_id, known = _scope(state, call)
    if call["command"] not in known:
        raise Refusal(10063)
    return guild_id, known, known[call["command"]]


def get_command(state: State, call: Call) -> Reply:
    """GET …/commands/{command}."""
    return 200, _command(state, call)[2]


def change_command(state: State, call: Call) -> Reply:
    """PATCH …/commands/{command}."""
    guild_id, known, command = _command(state, call)
    given = {key: command[key] for key in ("type", "name", "description", "options") if key in command} | call.body
    problems = Problems()
    command_rules.command(given, problems)
    refuse_if(problems)
    kept = {key: value for key, value in command.items() if key not in {"id", "application_id", "version", "guild_id"}}
    known[command["id"]] = _registered(state, guild_id, kept | call.body, command)
    return 200, known[command["id"]]


def delete_command(state: State, call: Call) -> Reply:
    """DELETE …/commands/{command}."""
    _, known, command = _command(state, call)
    del known[command["id"]]
    return 204, None


def _guild(state: State, call: Call) -> str:
    if call["guild"] not in state.world.bot_guilds or call["guild"] in state.world.unavailable:
        raise Refusal(10004)
    return call["guild"]


def get_guild(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}."""
    guild_id = _guild(state, call)
    count = len(state.world.members_of(guild_id))
    return 200, state.world.guilds[guild_id] | {"approximate_member_count": count, "approximate_presence_count": 1}


def my_guilds(state: State, _call: Call) -> Reply:
    """GET /users/@me/guilds."""
    world = state.world
    names = ("id", "name", "icon", "banner", "features")
    guilds = [{name: world.guilds[one][name] for name in names} for one in sorted(world.bot_guilds)]
    return 200, [
        g | {"owner": False, "permissions": str(world.permissions(world.bot, guild_id=g["id"]))} for g in guilds
    ]


def leave_guild(state: State, call: Call) -> Reply:
    """DELETE /users/@me/guilds/{guild}."""
    guild_id = _guild(state, call)
    state.emit("GUILD_DELETE", {"id": guild_id}, guild_id=guild_id)
    state.world.leave_bot(guild_id)
    return 204, None


def guild_channels(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}/channels."""
    return 200, state.world.channels_of(_guild(state, call))


def active_threads(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}/threads/active."""
    return 200, {"threads": state.world.channels_of(_guild(state, call), threads=True), "members": []}


def guild_roles(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}/roles."""
    return 200, state.world.guilds[_guild(state, call)]["roles"]


def guild_members(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}/members; only with the privileged intent for members."""
    guild_id = _guild(state, call)
    if not state.gateway.allowed_intents & (1 << 1):
        raise Refusal(50001)
    after, limit = int(call.query.get("after", 0)), int(call.query.get("limit", 1))
    members = sorted(state.world.members_of(guild_id), key=lambda member: int(member["user"]["id"]))
    return 200, [member for member in members if int(member["user"]["id"]) > after][:limit]


def guild_member(state: State, call: Call) -> Reply:
    """GET /guilds/{guild}/members/{user}."""
    member = state.world.members.get((_guild(state, call), call["user"]))
    if member is None:
        raise Refusal(10007 if call["user"] in state.world.users else 10013)
    return 200, member


def get_user(state: State, call: Call) -> Reply:
    """GET /users/{user}."""
    if call["user"] not in state.world.users:
        raise Refusal(10013)
    return 200, state.world.users[call["user"]]


def _command_routes(prefix: str) -> tuple[Route, ...]:
    one = prefix + "/{command}"
    return (
        ("GET", prefix, list_commands),
        ("PUT", prefix, replace_commands),
        ("POST", prefix, add_command),
        ("GET", one, get_command),
        ("PATCH", one, change_command),
        ("DELETE", one, delete_command),
    )


ROUTES: tuple[Route, ...] = (
    ("GET", "/gateway", gateway),
    ("GET", "/gateway/bot", gateway),
    ("GET", "/users/@me", me),
    ("GET", "/users/@me/guilds", my_guilds),
    ("DELETE", "/users/@me/guilds/{guild}", leave_guild),
    ("GET", "/users/{user}", get_user),
    ("GET", "/applications/@me", application),
    ("GET", "/oauth2/applications/@me", application),
    *_command_routes("/applications/{application}/commands"),
    *_command_routes("/applications/{application}/guilds/{guild}/commands"),
    ("GET", "/guilds/{guild}", get_guild),
    ("GET", "/guilds/{guild}/channels", guild_channels),
    ("GET", "/guilds/{guild}/threads/active", active_threads),
    ("GET", "/guilds/{guild}/roles", guild_roles),
    ("GET", "/guilds/{guild}/members", guild_members),
    ("GET", "/guilds/{guild}/members/{user}", guild_member),
)
