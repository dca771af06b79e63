"""The command line: its verbs, their options, and one plain sentence for whatever goes wrong."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from roadmap_bot import __version__
from roadmap_bot.core.errors import UserError

_WRONG = 2
_BROKEN = 70
_INTERRUPTED = 130
_LONGEST_LINE = 1_000_000

cli = typer.Typer(
    help="A study companion for a learning roadmap. Without a verb: the chat in this terminal.",
    no_args_is_help=False,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class ExportFormat(StrEnum):
    """The forms a roadmap can be exported in."""

    jsonl = "jsonl"
    csv = "csv"
    bibtex = "bibtex"
    markdown = "markdown"


class ImportFormat(StrEnum):
    """The dialects of Markdown that the importer reads."""

    auto = "auto"
    bullets = "bullets"
    tables = "tables"
    numbered = "numbered"
    landscape = "landscape"
    digest = "digest"


def run(arguments: list[str] | None = None) -> int:
    """Runs the command line; the exit status. Never lets a traceback through to a person."""
    # A stream that whoever started us has closed is None.
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        status = cli(args=arguments, standalone_mode=False, prog_name="roadmap-bot")
        sys.stdout.flush()
    except UserError as error:
        return _fail(error.sentence, _WRONG)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        return _INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader has seen enough (`| head`), for which Typer and Rich leave by themselves, with 1; that is no
        # failure. Nothing may be written to the pipe at exit either.
        _silence()
        return 0
    except OSError as error:
        if os.environ.get("ROADMAP_BOT_DEBUG"):
            raise
        _silence()
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        return _fail(f"Reading or writing failed ({where}{reason}). Mend that and run it again.", _WRONG)
    except Exception as error:
        return _unexpected(error)
    return status if isinstance(status, int) else 0


def _silence() -> None:
    """Lets what is still waiting to be written to standard output vanish instead of failing once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(sentence: str, status: int) -> int:
    typer.echo(sentence, err=True)
    return status


def _unexpected(error: Exception) -> int:
    described = getattr(error, "format_message", None)
    if described is not None:
        message = str(described()).rstrip(".")
        return _fail(f"{message}. Run `roadmap-bot --help` to see what there is.", _WRONG)
    if os.environ.get("ROADMAP_BOT_DEBUG"):
        raise error
    kind = type(error).__name__
    return _fail(
        f"Something went wrong inside roadmap-bot ({kind}: {error}). "
        "Run it again with ROADMAP_BOT_DEBUG=1 to see where, and report it.",
        _BROKEN,
    )


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"roadmap-bot {__version__}")
        raise typer.Exit


@cli.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    config: Annotated[Path | None, Option(help="A configuration file; see config/roadmap-bot.yaml.")] = None,
    data: Annotated[Path | None, Option(help="A folder with a roadmap of your own instead of the bundled one.")] = None,
    version: Annotated[bool, Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,  # noqa: ARG001
) -> None:
    """A study companion for a learning roadmap."""
    from roadmap_bot import app

    environment = dict(os.environ)
    if data is not None:
        environment["ROADMAP_BOT_ROADMAP__FOLDER"] = str(data)
    context.obj = app.read_settings(config, environment)
    app.log(context.obj, serving=context.invoked_subcommand == "run")
    if context.invoked_subcommand is None:
        chat(context)


@cli.command()
def chat(context: typer.Context) -> None:
    """Talk to the roadmap in this terminal; lines can also be piped in."""
    from roadmap_bot import app

    raise typer.Exit(app.chat(context.obj, app.terminal_language(context.obj, os.environ)))


@cli.command(name="run")
def run_bot(context: typer.Context) -> None:
    """Run the bot on Discord and Telegram, wherever it has a token."""
    from roadmap_bot import app

    raise typer.Exit(app.run(context.obj, os.environ))


@cli.command()
def ask(
    context: typer.Context,
    query: Annotated[list[str] | None, Argument(help="A title, a name, or a topic in your own words.")] = None,
    limit: Annotated[int | None, Option(min=1, max=100, help="At most so many results, as a list.")] = None,
    as_json: Annotated[bool, Option("--json", help="Results as JSON, empty when nothing fits.")] = False,
    explain: Annotated[bool, Option("--explain", help="Why each result is where it is.")] = False,
    batch: Annotated[
        str | None, Option(help='JSON lines with a "query" each, from a file or - for standard input.')
    ] = None,
) -> None:
    """Ask the roadmap anything."""
    from roadmap_bot import app

    text = " ".join(query or ()).strip()
    if bool(text) == (batch is not None):
        raise UserError('Give either a question, for example `roadmap-bot ask "long context"`, or --batch FILE.')
    with app.open_catalogue(context.obj) as catalogue:
        engine = app.make_engine(context.obj, catalogue)
        if batch is not None:
            _ask_batch(engine, batch, limit or 10)
        elif as_json or explain:
            _ask_plainly(engine, text, limit or 10, as_json=as_json, explain=explain)
        else:
            _ask_nicely(engine, text, limit, app.terminal_language(context.obj, os.environ))


def _ask_nicely(engine: Any, text: str, limit: int | None, language: str) -> None:
    from roadmap_bot.adapters.terminal.render import TerminalRenderer
    from roadmap_bot.core.command import Request
    from roadmap_bot.features.search import best

    say = engine.speech(language)
    if limit:
        reply = replace(best(replace(engine.context, say=say), text, limit), language=say.locale)
    else:
        reply = engine.handle(Request("ask", (text,), locale=language))
    # Buttons belong to a conversation; a single answer has nobody to press them.
    TerminalRenderer(speech=engine.speech).show_alone(reply)


def _ask_plainly(engine: Any, text: str, limit: int, *, as_json: bool, explain: bool) -> None:
    from roadmap_bot.features.rows import answer_row, confident_hits, explanation, hit_row

    catalogue, search = engine.context.catalogue, engine.context.search
    if as_json:
        row = answer_row(catalogue, search, text, limit)
        if explain:
            for result, hit in zip(row["results"], search.ask(text, limit, explained=True).hits, strict=False):
                result["reasons"] = explanation(hit)
        typer.echo(json.dumps(row, ensure_ascii=False, indent=2))
        return
    answer = search.ask(text, limit, explained=explain)
    if not answer.hits:
        typer.echo("Nothing on the roadmap answers this. Try other words, or `roadmap-bot chat` and browse.")
        return
    typer.echo(f"{answer.certainty}" + (f", narrowed to {answer.filters}" if answer.filters else ""))
    for hit in answer.hits if answer.certainty == "closest" else confident_hits(answer):
        row = hit_row(catalogue, hit)
        typer.echo(f"\n{hit.score:.2f}  {row['title']}  ({row['kind']})")
        for line in explanation(hit):
            typer.echo(f"      {line}")


def _ask_batch(engine: Any, name: str, limit: int) -> None:
    from roadmap_bot.features.rows import answer_row

    catalogue, search = engine.context.catalogue, engine.context.search
    for number, line in enumerate(_lines(name), 1):
        if not line.strip():
            continue
        try:
            query = json.loads(line)["query"]
        except (ValueError, KeyError, TypeError, RecursionError):
            query = None
        if not isinstance(query, str):
            shown = "standard input" if name == "-" else name
            raise UserError(
                f'{shown}, line {number}: expected JSON with a text under "query". Mend the line and run it again.'
            )
        typer.echo(json.dumps(answer_row(catalogue, search, query, limit), ensure_ascii=False))


def _lines(name: str) -> Iterator[str]:
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as stream:
            while line := stream.readline(_LONGEST_LINE):
                yield line.decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise UserError(
            f"{name} cannot be read ({error.strerror}). Check the path, or use - for standard input."
        ) from error


@cli.command(name="import")
def import_(
    files: Annotated[list[Path], Argument(help="Markdown files of at most 10 MiB each.")],
    out: Annotated[Path | None, Option(help="The roadmap folder to write or add to; ./roadmap when left out.")] = None,
    dialect: Annotated[ImportFormat, Option("--format", help="How the files are written.")] = ImportFormat.auto,
    dry_run: Annotated[bool, Option("--dry-run", help="Only report what would be written.")] = False,
    as_json: Annotated[
        bool, Option("--json", help="The report and all records as JSON; writes only with --out.")
    ] = False,
) -> None:
    """Turn Markdown lists into a roadmap of your own."""
    from roadmap_bot.catalogue.importing import import_files

    target = out or (None if as_json else Path("roadmap"))
    result = import_files(files, out=target, format=dialect.value, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=2))
        return
    typer.echo(result.describe())
    if target and not dry_run:
        typer.echo(f"\nWritten to {target}. Next: `roadmap-bot validate {target}`, then `roadmap-bot --data {target}`.")


@cli.command()
def build(
    context: typer.Context,
    quiet: Annotated[bool, Option("--quiet", help="Say nothing when all is well.")] = False,
    force: Annotated[bool, Option("--force", help="Build even if nothing has changed.")] = False,
) -> None:
    """Build the catalogue; the other verbs do so by themselves where it has to be."""
    from roadmap_bot import app

    target, built = app.build_catalogue(context.obj, force=force)
    if not quiet:
        typer.echo(f"Built {target}." if built else f"{target} is up to date.")


@cli.command()
def validate(
    context: typer.Context,
    folder: Annotated[Path | None, Argument(help="A roadmap folder; the one in use when left out.")] = None,
) -> None:
    """Check a roadmap: every finding names file, line and what to do."""
    from roadmap_bot import app
    from roadmap_bot.catalogue.linting import lint

    checked = folder or app.roadmap_folder(context.obj)
    findings = lint(checked)
    for finding in findings:
        typer.echo(f"{checked / finding.file}:{finding.line}: {finding.message}")
    if findings:
        count = f"{len(findings)} findings" if len(findings) > 1 else "1 finding"
        typer.echo(f"{count} in {checked}. Mend them and run this again.", err=True)
        raise typer.Exit(1)
    typer.echo(f"{checked} is in order.")


@cli.command()
def export(
    context: typer.Context,
    form: Annotated[ExportFormat, Option("--format", help="The form of the output.")] = ExportFormat.jsonl,
) -> None:
    """Write the whole roadmap to standard output."""
    from roadmap_bot import app
    from roadmap_bot.catalogue.exporting import export as write

    with app.open_catalogue(context.obj) as catalogue:
        for piece in write(catalogue, form.value):
            typer.echo(piece, nl=False)
