"""click in Swedish: headings, help and what it says of wrong use."""

from collections.abc import Callable
from typing import Any

import click


class Command(click.Command):
    """A command whose help has Swedish headings."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = [_USAGE_WORDS.get(p, p) for p in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), "Användning: ")

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        shown = [option.get_help_record(ctx) for option in options]
        with formatter.section("Val"):
            formatter.write_dl([record for record in shown if record])

    def format_arguments(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Arguments stand in the usage line and are told of in the text."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Visa den här hjälpen."
        return option


class Group(Command, click.Group):
    """A group of commands, listed as they were added."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        super().format_options(ctx, formatter)
        rows = [(n, c.get_short_help_str(60)) for n, c in self.commands.items()]
        with formatter.section("Kommandon"):
            formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            known = ", ".join(self.list_commands(ctx))
            raise click.UsageError(
                f"Kommandot {args[0]} finns inte. Välj något av: {known}.", ctx
            )
        return super().resolve_command(ctx, args)


Group.group_class = Group

_USAGE_WORDS = {
    "[OPTIONS]": "[VAL]",
    "COMMAND [ARGS]...": "KOMMANDO ...",
    "[COMMAND] [ARGS]...": "KOMMANDO ...",
}


def told(error: click.UsageError) -> str:
    """What was wrong with how the command was used, in Swedish."""
    for kind, tell in _TELLERS:
        if isinstance(error, kind):
            return tell(error)
    return error.format_message()


def hint(error: click.UsageError) -> str:
    """Where to read more."""
    if error.ctx is None:
        return ""
    return f"Läs mer: {error.ctx.command_path} --help"


def _missing(error: Any) -> str:
    name = _named(error)
    kind = getattr(error.param, "param_type_name", "")
    return (
        f"{name} saknas. {'Skriv värdet sist.' if kind == 'argument' else ''}".strip()
    )


def _named(error: Any) -> str:
    if error.param is None:
        return "Ett värde"
    return str(error.param.get_error_hint(error.ctx)).replace("'", "")


def _wrong(error: Any) -> str:
    return f"{_named(error)}: {error.message}"


def _unknown(error: Any) -> str:
    close = f" Menade du {error.possibilities[0]}?" if error.possibilities else ""
    return f"Valet {error.option_name} finns inte.{close}"


def _misused(error: Any) -> str:
    return f"Valet {error.option_name} är fel använt: det ska följas av ett värde, \
eller stå utan."


_TELLERS: tuple[tuple[type[click.UsageError], Callable[[Any], str]], ...] = (
    (click.MissingParameter, _missing),
    (click.BadParameter, _wrong),
    (click.NoSuchOption, _unknown),
    (click.BadOptionUsage, _misused),
)
