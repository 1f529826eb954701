"""The settings of the glasses. `sottovoce-device --print-config` prints them with these explanations."""

import os
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from sottovoce_wire.events import EventName

Probability = Annotated[float, Meta(ge=0, le=1)]
Port = Annotated[int, Meta(ge=0, le=65535)]


class DeviceConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Who these glasses are.

    name: what the host knows them by: 1 to 32 of a-z, 0-9 and -.
    state: the folder of the pairing and its keys; empty for one in the user's state folder.
    wearer: the folder of what is learnt about the wearer; empty for one in the user's state folder.
    """

    name: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}\Z")] = "specs"
    state: str = ""
    wearer: str = ""


class MicrophoneConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Where sound comes from.

    driver: "simulated" hears a sound file; "pyaudio" hears a real microphone; or a file of your own, /path/mine.py.
    path: simulated: the sound file, WAV or FLAC of any rate.
    at_end: simulated: after the file go on with "silence", "stop", or "loop".
    device: pyaudio: part of the input device's name; empty for the system's default.
    channels: how many microphones the glasses have: 1 hears a mix of what the device or file has; 2 its first two.
    mouth_m: where the wearer's mouth is, from the first microphone: ahead, left, up, in metres.
    second_m: where the second microphone is, likewise: by default at the nose pads, the first at the right hinge.
    """

    driver: str = "simulated"
    path: str = ""
    at_end: Literal["silence", "stop", "loop"] = "silence"
    device: str = ""
    channels: Literal[1, 2] = 1
    mouth_m: tuple[float, float, float] = (0.03, 0.055, -0.112)
    second_m: tuple[float, float, float] = (0.025, 0.055, -0.03)


class CameraConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """What the world camera and the eye camera have in common; the tables below explain the keys."""

    driver: str = "off"
    path: str = ""
    each_s: Annotated[float, Meta(ge=0, le=3600)] = 0.0
    at_end: Literal["hold", "loop", "stop", "freeze", "unplug"] = "hold"
    device: str = ""
    width: Annotated[int, Meta(ge=64, le=4096)] = 1280
    height: Annotated[int, Meta(ge=64, le=4096)] = 720
    fps: Annotated[int, Meta(ge=1, le=240)] = 5


class WorldCameraConfig(CameraConfig, frozen=True, forbid_unknown_fields=True):
    """Where the glasses look. Off: nothing of seeing is loaded.

    driver: "off"; "simulated" sees pictures; "v4l2" a USB or laptop camera; "picamera2" a Raspberry Pi's own;
        or a file of your own, /path/mine.py.
    path: simulated: a picture, or a folder of pictures that are seen in the order of their names.
    each_s: simulated: how long each picture of a folder is seen; 0 for one frame each.
    at_end: simulated: after the last picture "hold" it, "loop", "stop", "freeze" (a stuck sensor) or "unplug".
    device: v4l2: /dev/video0, or part of the camera's name; empty for the first. picamera2: its number.
    width: of a frame, in pixels.
    height: of a frame, in pixels.
    fps: frames a second that are looked at.
    view_deg: how many degrees of the world the frame's width shows.
    gaze: simulated: where the wearer looks on the pictures, a CSV of t, x, y; in place of an eye camera.
    """

    view_deg: Annotated[float, Meta(ge=20, le=170)] = 66.0
    gaze: str = ""


class EyeCameraConfig(CameraConfig, frozen=True, forbid_unknown_fields=True):
    """The camera that sees the wearer's eye, beside the world camera. Off: the attention point is the head's direction.

    driver: as for the world camera; "rendered" is an eye that is drawn as it looks where a script says.
    path: as for the world camera; rendered: the script, CSV with t, yaw_deg and pitch_deg.
    each_s: as for the world camera.
    at_end: as for the world camera; rendered: at the script's last line.
    device: as for the world camera.
    width: of a frame, in pixels.
    height: of a frame, in pixels.
    fps: frames a second that are looked at. At 20 the shortest fixation, 100 ms, is seen twice.
    """

    width: Annotated[int, Meta(ge=64, le=4096)] = 320
    height: Annotated[int, Meta(ge=64, le=4096)] = 240
    fps: Annotated[int, Meta(ge=1, le=240)] = 20


class SeeingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked for when the world camera is on.

    faces: who is in view, turned to the wearer or not; never who it is.
    text: read what the wearer asks to be read.
    things: name and count things, for 60 ms of CPU a look and 60 MB; `make models` fetches the model.
    """

    faces: bool = True
    text: bool = True
    things: bool = False


class HearingConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """When sound is speech, and when a turn is over.

    voice_on: speech begins at this probability of Silero VAD (its authors' default).
    voice_off: and pauses below this one (their default: 0.15 less).
    pause_ms: silence after which the end of the turn is first considered; Smart Turn was trained on 200 ms.
    turn_over: the turn is over at this probability of Smart Turn.
    recheck_ms: while it is not, Smart Turn is asked again this often.
    silence_limit_ms: silence that ends a turn whatever Smart Turn says.
    partial_ms: partial words at least this far apart; longer speech, longer apart.
    """

    voice_on: Probability = 0.5
    voice_off: Probability = 0.35
    pause_ms: Annotated[int, Meta(ge=32, le=2000)] = 190
    turn_over: Probability = 0.5
    recheck_ms: Annotated[int, Meta(ge=64, le=2000)] = 190
    silence_limit_ms: Annotated[int, Meta(ge=200, le=10_000)] = 900
    partial_ms: Annotated[int, Meta(ge=100, le=5000)] = 400


class AttentionConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """When words are for the glasses.

    mode: "decide" weighs the evidence; "shadow" decides and keeps the ledger, but no words leave; "everything" takes
    all speech, of anybody, as said to the glasses (tests).
    name: an optional name of the glasses; to say it first or last speaks for them, and it is never needed.
    open_at: words leave from this probability on that they were said to the glasses.
    waits_ms: where somebody else is there, a verdict that is unsure waits so long for them to take it up; 0: never.
    """

    mode: Literal["decide", "shadow", "everything"] = "decide"
    name: str = ""
    open_at: Probability = 0.5
    waits_ms: Annotated[int, Meta(ge=0, le=3000)] = 1000


class GateConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The way out.

    socket: the Unix socket between sense and gate; empty for one in the user's runtime folder.
    ledger: the Unix socket where the gate tells the attention ledger; empty for one beside the other.
    security: "paired" is mutual TLS with the host that was paired; "plain" is for trying things out on one computer.
    broker: host name or address of the MQTT broker; empty for where it was when they were paired.
    port: its port; 0 likewise.
    pairing_port: where unpaired glasses wait for the host; 0 takes a free one.
    announce: whether unpaired glasses announce themselves in the local network (mDNS).
    withheld: kinds of event that never leave these glasses.
    """

    socket: str = ""
    ledger: str = ""
    security: Literal["paired", "plain"] = "paired"
    broker: str = ""
    port: Port = 0
    pairing_port: Port = 8884
    announce: bool = True
    withheld: Annotated[tuple[EventName, ...], Meta(max_length=17)] = ()


class SenseConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """How the sensing process is kept from everything but its one socket.

    seal: "enforce" has sense shut itself in (Landlock and seccomp), or not start; "systemd-only" leaves that to the
    unit, and sense does not start where it finds none.
    """

    seal: Literal["enforce", "systemd-only"] = "enforce"


class MuteConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The hardware switch that turns the sensors off. What cannot be read counts as off.

    driver: "none" where there is no switch; "gpio" reads a line; "simulated" reads a file that holds 0 or 1.
    chip: gpio: the character device of the line.
    line: gpio: its offset.
    muted_at: gpio: the level that means muted; the pull goes there, too, so that a torn wire mutes.
    path: simulated: the file; 1 is muted.
    """

    driver: Literal["none", "gpio", "simulated"] = "none"
    chip: str = "/dev/gpiochip0"
    line: Annotated[int, Meta(ge=0, le=1023)] = 17
    muted_at: Literal["high", "low"] = "high"
    path: str = ""


class ButtonConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The button for explicit acts. What cannot be read counts as not pressed.

    driver: "none" where there is no button; "gpio" reads a line; "simulated" reads a file that holds 0 or 1.
    chip: gpio: the character device of the line.
    line: gpio: its offset.
    pressed_at: gpio: the level that means pressed; the pull goes the other way, so that a torn wire never presses.
    path: simulated: the file; 1 is pressed.
    """

    driver: Literal["none", "gpio", "simulated"] = "none"
    chip: str = "/dev/gpiochip0"
    line: Annotated[int, Meta(ge=0, le=1023)] = 22
    pressed_at: Literal["high", "low"] = "low"
    path: str = ""


class LightConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """The tally light, on while sensors are on: wired to the line that powers them.

    driver: "none" where there is no light; "gpio" drives a line; "simulated" writes 0 or 1 into a file.
    chip: gpio: the character device of the line.
    line: gpio: its offset.
    path: simulated: the file.
    """

    driver: Literal["none", "gpio", "simulated"] = "none"
    chip: str = "/dev/gpiochip0"
    line: Annotated[int, Meta(ge=0, le=1023)] = 27
    path: str = ""


class ModelsConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the models are, and which.

    recogniser: what hears the words that were said: "tiny", which hears those being said, too; "base", which errs less
    for twice the CPU; "best": base where `make models` brought it, tiny where not; or a file of yours, /path/mine.py.
    finder: what finds and names things, where [seeing] things is on: "nanodet", or a file of yours, /path/mine.py.
    folder: holds manifest.toml and the folder weights that `make models` fills; empty for the source tree's own.
    onnx: what ONNX models run on: "cpu", or a graphics processor by "cuda" or "tensorrt" (a Jetson's).
    lite: what TensorFlow Lite models run on: the CPU with "xnnpack", or "plain" where that does not run.
    """

    recogniser: str = "best"
    finder: str = "nanodet"
    folder: str = ""
    onnx: Literal["cpu", "cuda", "tensorrt"] = "cpu"
    lite: Literal["xnnpack", "plain"] = "xnnpack"


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """All settings of the glasses."""

    device: DeviceConfig = field(default_factory=DeviceConfig)
    microphone: MicrophoneConfig = field(default_factory=MicrophoneConfig)
    world_camera: WorldCameraConfig = field(default_factory=WorldCameraConfig)
    eye_camera: EyeCameraConfig = field(default_factory=EyeCameraConfig)
    seeing: SeeingConfig = field(default_factory=SeeingConfig)
    hearing: HearingConfig = field(default_factory=HearingConfig)
    attention: AttentionConfig = field(default_factory=AttentionConfig)
    gate: GateConfig = field(default_factory=GateConfig)
    sense: SenseConfig = field(default_factory=SenseConfig)
    mute: MuteConfig = field(default_factory=MuteConfig)
    button: ButtonConfig = field(default_factory=ButtonConfig)
    light: LightConfig = field(default_factory=LightConfig)
    models: ModelsConfig = field(default_factory=ModelsConfig)


def socket_path(config: Config) -> Path:
    """Where the socket between sense and gate is. Nothing is tried out: sense asks when it is sealed already."""
    if config.gate.socket:
        return Path(config.gate.socket)
    folder = os.environ.get("XDG_RUNTIME_DIR") or os.environ.get("TMPDIR") or "/tmp"  # noqa: S108
    return Path(folder) / f"sottovoce-{os.getuid()}-{config.device.name}.sock"


def state_folder(config: Config) -> Path:
    """Where the gate keeps the pairing and the gaze calibration."""
    if config.device.state:
        return Path(config.device.state)
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(state) / "sottovoce" / f"glasses-{config.device.name}"


def wearer_folder(config: Config) -> Path:
    """Where the glasses keep what they have learnt about the wearer. Sense reads it before it is sealed."""
    if config.device.wearer:
        return Path(config.device.wearer)
    return state_folder(config).with_name(f"wearer-{config.device.name}")


def models_folder(config: Config) -> Path:
    """Where the manifest and the weights are."""
    return Path(config.models.folder) if config.models.folder else Path(__file__).parents[2] / "models"
