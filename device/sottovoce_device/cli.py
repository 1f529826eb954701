"""The command `sottovoce-device`."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sottovoce_device import __version__
from sottovoce_device.config import Config, models_folder, wearer_folder
from sottovoce_device.errors import ConfigError, DriverError, LearntError, LostError
from sottovoce_device.plausible import checked
from sottovoce_wire.errors import SottovoceError
from sottovoce_wire.settings import load_settings, print_settings

F = TypeVar("F", bound=Callable[..., object])

PROFILES: dict[str, dict[str, dict[str, Any]]] = {
    "simulator": {},
    "laptop": {"microphone": {"driver": "pyaudio"}},
}
"""Ready settings by name; the file and the options go over them."""


class _Group(click.Group):
    """Prints a SottovoceError as its one line, and exits with 2: the user can do something about it."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's own signature
        try:
            return super().invoke(ctx)
        except SottovoceError as error:
            click.echo(f"sottovoce-device: {error}", err=True)
            sys.exit(_exit_code(error))


def _exit_code(error: SottovoceError) -> int:
    """2 asks for the user; the rest is for whoever restarts processes: what has gone, or changed."""
    if isinstance(error, LostError):
        return 4
    if isinstance(error, LearntError):
        return 5
    if isinstance(error, DriverError):
        return 6
    return 3 if "has gone" in str(error) else 2


def _print_config(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        click.echo(print_settings(Config()))
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sottovoce-device")
@click.option(
    "--print-config", is_flag=True, is_eager=True, expose_value=False, callback=_print_config,
    help="Print all settings with their defaults and meanings, as a file that --config takes.",
)  # fmt: skip
def main() -> None:
    """The glasses' side of sottovoce: hears, decides who is spoken to, and lets only derived context leave."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: small matrices, and a core for each model


def _settings(command: F) -> F:
    """The options that every command takes to find its settings."""
    for option in (
        click.option("--broker", help="Host name of the broker, or host:port."),
        click.option("--name", help="Name of these glasses."),
        click.option("--scene", type=click.Path(path_type=Path), help="What the simulated microphone hears."),
        click.option("--profile", type=click.Choice(list(PROFILES)), default="simulator", show_default=True),
        click.option("--config", type=click.Path(path_type=Path), help="Settings, TOML; see --print-config."),
    ):
        command = option(command)
    return command


def read_config(config: Path | None, profile: str, scene: Path | None, name: str | None, broker: str | None) -> Config:
    """The settings of a file, over a profile, under what was given on the command line."""
    over: dict[str, dict[str, Any]] = {table: dict(values) for table, values in PROFILES[profile].items()}
    if scene is not None:
        over.setdefault("microphone", {}).update(driver="simulated", path=str(scene))
    if name is not None:
        over.setdefault("device", {})["name"] = name
    if broker is not None:
        over["gate"] = _address(broker)
    return checked(load_settings(Config, config, over))


def _address(broker: str) -> dict[str, Any]:
    host, colon, port = broker.partition(":")
    if not host or (colon and not (port.isascii() and port.isdigit())):
        raise ConfigError(f'--broker "{broker}": write it as a name or an address, or as 192.168.1.20:8883')
    return {"broker": host} | ({"port": int(port)} if port else {})


@main.command()
@click.option("--parent", type=int, hidden=True)
@_settings
def run(parent: int | None, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Run the glasses: both processes, started again when they end."""
    import asyncio  # not at the top: sense comes through this file, too, and must not load it

    from sottovoce_device.supervise import supervise

    _tie(parent)
    read_config(**options)
    sys.exit(asyncio.run(supervise(_passed_on(options))))


@main.command()
@click.option("--parent", type=int, hidden=True)
@click.option("--await-sensors", is_flag=True, help="Wait for sensors that are not there yet.")
@_settings
def sense(parent: int | None, await_sensors: bool, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Run only the sensing process, where systemd or somebody else starts it again. It needs a gate."""
    from sottovoce_device.sense.process import run_sense

    _tie(parent)
    run_sense(read_config(**options), patient=await_sensors)


@main.command()
@click.option("--parent", type=int, hidden=True)
@_settings
def gate(parent: int | None, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Run only the gate: on a socket of its own, or on the one that systemd hands to it."""
    from sottovoce_device.gate.process import run_gate

    _tie(parent)
    run_gate(read_config(**options))


@main.command()
@_settings
def pair(**options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Show a code, wait for the host that is told it, and end. Whoever is at the console may try anew at once."""
    import asyncio

    from sottovoce_device.gate.pairing_command import run_pair

    asyncio.run(run_pair(read_config(**options)))


@main.command()
@_settings
def unpair(**options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Part from the host for good: destroys the keys, and ends the session of glasses that are running."""
    from sottovoce_device.gate.pairing_command import run_unpair

    click.echo(run_unpair(read_config(**options)))


@main.command()
@_settings
def check(**options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Open every sensor for two seconds, unsealed, try models of your own, and say what is wrong with them."""
    from sottovoce_device.check import check as look

    wrong = False
    for works, line in look(read_config(**options)):
        click.echo(f"{'ok   ' if works else 'WRONG'} {line}", err=not works)
        wrong = wrong or not works
    if wrong:
        sys.exit(2)


@main.command()
@click.option("--last", type=click.IntRange(0), default=20, show_default=True, help="How many lines.")
@_settings
def explain(last: int, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Say why the running glasses opened or stayed shut, the last times. They remember reasons, never words."""
    from sottovoce_device.gate.ledger import read_ledger
    from sottovoce_wire.because import because

    lines = list(read_ledger(read_config(**options)))
    newest_ms = time.monotonic() * 1000
    for line in lines[max(0, len(lines) - last) :]:
        ago_s = max(0.0, newest_ms - line.at_ms) / 1000
        click.echo(f"{ago_s:6.0f} s ago  turn {line.turn:<4} {because(line)}")
    if last and not lines:
        click.echo("nobody has spoken yet")


@main.command()
@click.argument("recording", type=click.Path(path_type=Path), required=False)
@click.option("--erase", is_flag=True, help="Forget the wearer's voice.")
@_settings
def enrol(recording: Path | None, erase: bool, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Learn the wearer's voice from three sentences read aloud, or from RECORDING. It stays on the glasses.

    How loud it is on their microphone is learnt, too: best is a RECORDING that they have made.
    """
    from sottovoce_device.enrolment import Enroller, keep_voice
    from sottovoce_device.learnt import forget
    from sottovoce_device.perceive.weights import Weights

    config = read_config(**options)
    folder = wearer_folder(config)
    if erase:
        click.echo("forgotten" if forget(folder, "voice") else "there was no voice to forget")
        return
    enroller = Enroller(Weights(models_folder(config)))
    if recording is not None:
        voice = enroller.from_file(recording)
    else:
        voice = enroller.from_microphone(config, lambda sentence: click.echo(f"read aloud:  {sentence}"))
    click.echo(f"learnt, and kept in {keep_voice(folder, voice)}; glasses that are running take it up at once")


@main.command("calibrate-gaze")
@click.option("--marks", type=click.IntRange(9, 25), default=9, show_default=True, help="How many places to look at.")
@click.option("--erase", is_flag=True, help="Erase the calibration instead.")
@click.option(
    "--mark", "only_mark", is_flag=True, help='Only show the mark, for glasses that run: say "calibrate my eyes".'
)
@_settings
def calibrate_gaze(marks: int, erase: bool, only_mark: bool, **options: Any) -> None:  # noqa: ANN401 -- read_config has the types
    """Learn how the wearer's eye points: shows a mark to look at; for glasses that are not running."""
    import asyncio

    from sottovoce_device.gate.calibrate_command import run_calibrate, run_forget_gaze
    from sottovoce_device.gate.markface import mark_text

    config = read_config(**options)
    if only_mark:
        click.echo(mark_text())
        return
    if erase:
        click.echo(run_forget_gaze(config))
        return
    click.echo(asyncio.run(run_calibrate(config, marks, _passed_on(options), click.echo)))


def _passed_on(options: dict[str, Any]) -> list[str]:
    """The options as a child process is given them."""
    return [f"--{key}={value}" for key, value in options.items() if value is not None]


def _tie(parent: int | None) -> None:
    if parent is not None:
        from sottovoce_device.supervise import die_with

        die_with(parent)


@main.command()
@click.argument("scene", type=click.Path(path_type=Path), required=False)
@click.option(
    "--wearer",
    type=click.Path(path_type=Path),
    help="Enrol whoever speaks in this sound file; else whoever is enrolled.",
)
@click.option("--presses", type=click.Path(path_type=Path), help="The button: CSV with t,down (seconds, 1 or 0).")
@click.option("--world", type=click.Path(path_type=Path), help="What they see: a picture, or a folder of them.")
@click.option("--gaze", type=click.Path(path_type=Path), help="Where they look: CSV with t, x, y.")
@click.option("--eye", type=click.Path(path_type=Path), help="What the eye camera sees: pictures, or a script (.csv).")
@click.option("--calibrate", type=click.IntRange(9, 25), help="Calibrate the gaze first, on so many marks.")
@click.option("--look", multiple=True, help="Ask: recognise, read, count or faces, @SECONDS. May be repeated.")
@click.option("--things", is_flag=True, help="Name things, too: [seeing] things.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an event.")
@click.option("--config", type=click.Path(path_type=Path), help="Settings, TOML; see --print-config.")
def replay(scene: Path | None, config: Path | None, as_json: bool, things: bool, **seen: Any) -> None:  # noqa: ANN401 -- the options above
    """Show what leaves the glasses when they hear SCENE: no network, virtual time, the same every time."""
    import msgspec

    from sottovoce_device.learnt import read_voice
    from sottovoce_device.replay import Replay, describe
    from sottovoce_device.replay_sight import EyeScript, parse_question
    from sottovoce_device.sense.gaze_script import read_gazes
    from sottovoce_device.sense.press_script import read_presses

    if scene is None and seen["world"] is None:
        raise click.UsageError("Give a SCENE to hear, a --world to see, or both.")
    if scene is None and seen["presses"]:
        raise click.UsageError("The --presses are of the time of a SCENE: give the sound that is heard meanwhile.")
    if seen["world"] is None and (seen["look"] or seen["gaze"]):
        raise click.UsageError("A --look and a --gaze are of a --world: say what is seen.")
    if seen["calibrate"] and not seen["eye"]:
        raise click.UsageError("To --calibrate takes an --eye.")
    settings = checked(load_settings(Config, config, {"seeing": {"things": True}} if things else None))
    if seen["eye"] and (seen["gaze"] or seen["world"] is None):
        raise click.UsageError("An --eye looks at a --world, and takes the place of a --gaze.")
    gazes = read_gazes(seen["gaze"]) if seen["gaze"] else []
    looks = EyeScript(seen["eye"], seen["calibrate"] or 0) if seen["eye"] else gazes
    presses = read_presses(seen["presses"]) if seen["presses"] else None
    questions = [parse_question(text) for text in seen["look"]]
    voice = seen["wearer"] or read_voice(wearer_folder(settings))
    if voice and not seen["wearer"]:
        click.echo(f"heard as the wearer's who is enrolled in {wearer_folder(settings)}", err=True)
    for left in Replay(settings, presses).run(
        scene, world=seen["world"], gazes=looks, questions=questions, wearer=voice
    ):
        if as_json:
            line = {**msgspec.to_builtins(left.event), "at": left.at_s, "cpu_ms": left.cpu_ms}
            click.echo(msgspec.json.encode(line).decode())
        else:
            click.echo(describe(left))
