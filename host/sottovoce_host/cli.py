"""The command `sottovoce-host`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from sottovoce_host import __version__
from sottovoce_host.config import Config, memory_path
from sottovoce_wire.errors import SottovoceError
from sottovoce_wire.settings import load_settings, print_settings

PROFILES: dict[str, dict[str, dict[str, Any]]] = {
    "simulator": {},
    "laptop": {"voice": {"sink": "speaker"}},
}
"""Ready settings by name; the file and the options go over them."""


class _Group(click.Group):
    """Prints a SottovoceError as its one line, and exits with 2: the user can do something about it."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's own signature
        try:
            return super().invoke(ctx)
        except SottovoceError as error:
            click.echo(f"sottovoce-host: {error}", err=True)
            sys.exit(2)


def _print_config(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(print_settings(Config()))
        ctx.exit()


_PORT = click.IntRange(0, 65535)
_CONFIG = click.option("--config", type=click.Path(path_type=Path), help="Settings, TOML; see --print-config.")


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sottovoce-host")
@click.option(
    "--print-config", is_flag=True, is_eager=True, expose_value=False, callback=_print_config,
    help="Print all settings with their defaults and meanings, as a file that --config takes.",
)  # fmt: skip
def main() -> None:
    """The laptop's side of sottovoce: takes the glasses' context, reasons over it, speaks the reply."""


@main.command()
@_CONFIG
@click.option("--profile", type=click.Choice(list(PROFILES)), default="simulator", show_default=True)
@click.option("--port", type=int, help="Port of the broker.")
def run(config: Path | None, profile: str, port: int | None) -> None:
    """Run the host: broker, link, mind and voice."""
    from sottovoce_host.process import run_host

    over = {table: dict(values) for table, values in PROFILES[profile].items()}
    if port is not None:
        over["broker"] = {"port": port}
    run_host(load_settings(Config, config, over))


@main.command()
@_CONFIG
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def ask(text: str, config: Path | None, as_json: bool) -> None:
    """Ask TEXT as if it had been said to the glasses; print the reply and the specialist that gave it."""
    from datetime import UTC, datetime

    import msgspec

    from sottovoce_host.memory.store import Memory
    from sottovoce_host.mind.reply import Request
    from sottovoce_host.mind.router import Router
    from sottovoce_host.process import zone_of
    from sottovoce_host.skills import load_skills

    settings = load_settings(Config, config)
    memory = Memory(memory_path(settings))
    try:
        router = Router(memory, load_skills(settings))
        reply = asyncio.run(router.answer(Request(text, datetime.now(UTC).astimezone(zone_of(settings)))))
    finally:
        memory.close()
    click.echo(
        msgspec.json.encode(reply).decode()
        if as_json
        else f"{reply.text or 'That needs glasses that see.'}  ({reply.specialist})"
    )


@main.command()
@_CONFIG
@click.argument("address", default="")
@click.option("--code", help="The code that the glasses show; asked for where it is not given.")
@click.option("--replace", is_flag=True, help="Pair anew with glasses of a name that is paired already.")
def pair(address: str, config: Path | None, code: str | None, replace: bool) -> None:
    """Pair with the glasses at ADDRESS, or with those that are found in this network."""
    from sottovoce_host.link.pairing_command import pair as do_pair

    name = do_pair(load_settings(Config, config), address, code, click.prompt, replace=replace)
    click.echo(f"paired with {name}")


@main.command()
@_CONFIG
@click.argument("name")
def unpair(name: str, config: Path | None) -> None:
    """Part from the glasses (or take back the token) of this NAME for good."""
    from sottovoce_host.link.pairing_command import unpair as do_unpair

    click.echo(do_unpair(load_settings(Config, config), name))


@main.command()
@_CONFIG
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
def token(name: str, file: Path, config: Path | None) -> None:
    """Make a read-only token: somebody of this NAME may listen to all events with the keys in FILE."""
    from sottovoce_host.link.pairing_command import token as make_token

    click.echo(make_token(load_settings(Config, config), name, file))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=int, default=1883, show_default=True)
def broker(host: str, port: int) -> None:
    """Run only the embedded broker, without TLS: for trying things out on this computer."""
    from sottovoce_host.link.broker import run_broker
    from sottovoce_host.link.house import plain_address

    asyncio.run(run_broker(plain_address(host), port))


@main.command()
@click.option("--port", type=_PORT, default=0, help="Port of the broker; 0 takes a free one.")
@click.option("--wav", is_flag=True, help="Speak into a WAV file even where there is an audio device.")
def demo(port: int, wav: bool) -> None:
    """Show the whole: real speech into simulated glasses, only text out of them, a spoken answer."""
    from sottovoce_host.demo.process import run_demo

    sys.exit(asyncio.run(run_demo(port, wav=wav)))
