"""A sound server of a user's, as distributions set it up, with a room in which what is played can be heard."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from stage import wait_until

NEEDED: Final = ("pulseaudio", "pactl", "paplay", "parec")
ROOM: Final = "room"
_SERVER: Final = ("-n", "--daemonize=no", "--system=false", "--exit-idle-time=-1", "--use-pid-file=no")
_MODULES: Final = ("-L", "module-native-protocol-unix", "-L", f"module-null-sink sink_name={ROOM}")


def missing() -> str:
    """Which of the server's programs are not there; empty where all are."""
    return ", ".join(name for name in NEEDED if shutil.which(name) is None)


class SoundServer:
    """Runs until it is closed. env: the environment of whoever shall use it; its microphone hears the room."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self.env = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        with (folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(shutil.which("pulseaudio")), *_SERVER, *_MODULES], env=self._whole, stdout=log, stderr=log
            )
            asked = [str(shutil.which("pactl")), "set-default-source", f"{ROOM}.monitor"]
            try:
                wait_until(lambda: not subprocess.run(asked, env=self._whole, stderr=log, check=False).returncode, ROOM)
            except BaseException:
                self.close()
                raise

    @property
    def _whole(self) -> dict[str, str]:
        return os.environ | self.env

    def play(self, path: Path) -> None:
        """Play a sound file into the room, to its end."""
        subprocess.run([str(shutil.which("paplay")), f"--device={ROOM}", str(path)], env=self._whole, check=True)

    def listen(self, rate_hz: int, latency_ms: int) -> subprocess.Popen[bytes]:
        """A process that writes what is heard in the room to its stdout: int16, mono."""
        how = (f"--latency-msec={latency_ms}", "--format=s16le", f"--rate={rate_hz}", "--channels=1", "--raw")
        asked = [str(shutil.which("parec")), f"--device={ROOM}.monitor", *how]
        return subprocess.Popen(asked, env=self._whole, stdout=subprocess.PIPE)

    def close(self) -> None:
        """End it."""
        self._server.kill()
        self._server.wait()
