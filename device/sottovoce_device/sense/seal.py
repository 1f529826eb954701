"""The seal: after start-up, sense can open no file but to read code, no socket, no device, and start no process.

It is put on in two steps. begin() comes before the first thread and leaves only what start-up needs; finish() comes
when devices are open and models are warm, and takes that away, too. Neither needs root, and neither can be undone.
"""

import os
import platform
import sys
import sysconfig
from pathlib import Path
from typing import Final

from sottovoce_device.capture.own_files import own_files
from sottovoce_device.config import Config, models_folder, wearer_folder
from sottovoce_device.errors import SealError
from sottovoce_device.sense import seal_descriptors, seal_landlock, seal_seccomp
from sottovoce_device.sense.seal_ram import keep_in_ram
from sottovoce_device.sense.seal_syscalls import ARCHES

SYSTEM: Final = (
    "/usr", "/lib", "/lib64", "/sys", "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/swaps",
    "/proc/asound", "/dev/urandom", "/etc/ld.so.cache", "/etc/localtime", "/etc/machine-id",
    "/etc/alsa", "/etc/asound.conf", "/etc/pulse", "/etc/nsswitch.conf", "/etc/passwd",
)  # fmt: skip
"""What the C library, Python and ALSA read at start-up and while they run."""
OF_SOUND: Final = ("~/.asoundrc", "~/.config/pulse", "~/.pulse-cookie", "~/.config/alsa", "$XDG_RUNTIME_DIR/pulse")
"""What a sound server's client reads of its user's."""
DEVICES: Final = ("/dev/null", "/dev/snd", "/dev/bus/usb")
DEVICE_NAMES: Final = ("video*", "media*", "v4l-subdev*", "gpiochip*", "dma_heap/*", "dri/*")


class Seal:
    """The seal of one process, by its configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._enforced = config.sense.seal == "enforce"
        self._landlock = 0

    def begin(self) -> None:
        """Before the first thread: give up privileges, and all files but those of start-up.

        Raises SealError where the kernel cannot, or where systemd was to do it and did not.
        """
        for inherited in list(seal_descriptors.opened()):  # whatever a shell or a parent forgot to close
            os.close(inherited.number)
        for line in keep_in_ram():
            say(line)
        if not self._enforced:
            _check_outer()
            return
        if platform.machine() not in ARCHES:
            known = ", ".join(ARCHES)
            raise SealError(
                f"there is no seal for {platform.machine()} (there is for {known}): use seal = systemd-only"
            )
        seal_landlock.give_up_new_privileges()
        self._landlock = seal_landlock.restrict(readable(self._config), devices())

    def finish(self, gate: int, light: int | None = None) -> None:
        """When everything is open and warm: give up opening, sending and starting. stderr ends here, too.

        gate: the socket to the gate. light: the file of a simulated tally light.
        """
        if not self._enforced:
            return
        server = self._config.microphone.driver == "pyaudio"
        known = () if light is None else (light,)
        found = seal_descriptors.inspect(gate, sound_server=server, known=known)
        nowhere = os.open(os.devnull, os.O_RDWR)
        outlets = seal_seccomp.Outlets(gate, found.sockets, (*seal_descriptors.STANDARD, *found.pipes), light)
        arch = ARCHES[platform.machine()]
        seal_seccomp.install(arch, seal_seccomp.program(arch, outlets, os.getpid()))
        if found.sockets:
            say("the sound comes through a sound server: its socket stays open, and the server has to be trusted")
        say(f"sealed (Landlock {self._landlock}, seccomp); from here on only the exit code tells what went wrong")
        sys.stdout.flush()
        sys.stderr.flush()
        for number in seal_descriptors.STANDARD:
            os.dup2(nowhere, number)
        os.close(nowhere)


def readable(config: Config) -> list[Path]:
    """Files and folders that sense may read: its code, its models, the system's libraries, what stands for a sensor."""
    code = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), *(p for p in sys.path if p)]
    own = [str(Path(__file__).parents[2]), str(models_folder(config)), str(wearer_folder(config))]
    own += [config.microphone.path, config.mute.path, config.button.path]
    own += [config.world_camera.path, config.world_camera.gaze, config.eye_camera.path]
    own += own_files(config)
    of_sound = [*OF_SOUND, os.environ.get("ALSA_CONFIG_PATH", "")] if config.microphone.driver == "pyaudio" else []
    return [Path(os.path.expandvars(p)).expanduser() for p in (*SYSTEM, *code, *own, *of_sound) if p]


def devices() -> list[Path]:
    """Devices that start-up may open."""
    return [*map(Path, DEVICES), *(p for name in DEVICE_NAMES for p in Path("/dev").glob(name))]


def _check_outer() -> None:
    status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    if status.get("NoNewPrivs") != "1" or status.get("Seccomp") != "2":
        raise SealError(
            '[sense] seal = "systemd-only", but nothing has shut this process in: start it by'
            ' systemd/sottovoce-sense.service, or set seal = "enforce"'
        )


def say(line: str) -> None:
    """A line of the log, while there is one."""
    sys.stderr.write(f"sense: {line}\n")
