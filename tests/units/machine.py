"""A small machine of its own, started by a real systemd: process 1 of new PID, mount, cgroup, IPC and UTS name spaces.

The units are those of `make install-units`, unaltered, under drop-ins that say where a log goes or how soon a watchdog
bites. The tree lies in /opt/sottovoce, /etc has an overlay in which systemd-sysusers makes the users, /run and /var/lib
are new. Other units of the computer are not there. It needs root, because real users and real devices are the point.
"""

import os
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

from stage import wait_until

ROOT = Path(__file__).parents[2]
SYSTEMD = Path("/lib/systemd/systemd")
TARGETS = "sysinit basic shutdown sockets network sound multi-user umount final".split()
BOOT = r"""
set -e
mount --make-rprivate /
mount -t proc proc /proc
umount -R /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir -p /run/up /run/work /run/python /run/units
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/up,workdir=/run/work /etc
cp -r "$MADE"/etc/sottovoce /etc/
cp -r "$MADE"/etc/systemd/system/. "$MADE"/more/. /run/units/
mount --bind "$PYTHON" /run/python
mount -t tmpfs -o mode=755 tmpfs /opt
mkdir -p /opt/python /opt/sottovoce/.venv/bin /opt/sottovoce/.venv/site
mkdir -p "/opt/sottovoce/.venv/lib/$VERSION/site-packages"
mount --move /run/python /opt/python
for part in device host models tests; do
    mkdir /opt/sottovoce/$part
    mount --bind "$ROOT/$part" /opt/sottovoce/$part
done
mount --bind "$SITE" /opt/sottovoce/.venv/site
cd /opt/sottovoce/.venv
ln -s "/opt/python/bin/$VERSION" bin/python
printf 'home = /opt/python/bin\ninclude-system-site-packages = false\n' > pyvenv.cfg
printf '/opt/sottovoce/%s\n' device host .venv/site > "lib/$VERSION/site-packages/sottovoce.pth"
for side in device host; do
    printf '#!/opt/sottovoce/.venv/bin/python\nfrom sottovoce_%s.cli import main\nmain()\n' $side > bin/sottovoce-$side
done
chmod 755 bin/sottovoce-*
systemd-sysusers "$MADE/usr/lib/sysusers.d/sottovoce.conf"
systemd-tmpfiles --create "$MADE/usr/lib/tmpfiles.d/sottovoce.conf"
export SYSTEMD_UNIT_PATH=/run/units container=other
exec /lib/systemd/systemd --system --log-target=null --show-status=no --unit=basic.target
"""


SPACES = "unshare --mount --pid --fork --kill-child=KILL --cgroup --ipc --uts".split()
TRIAL = r"""
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/up /mnt/work
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work /etc
"""


def lacking() -> str:
    """Why no such machine can be started here; empty where one can."""
    if os.geteuid() != 0:
        return "it needs root"
    missing = [name for name in ("unshare", "nsenter", "systemctl", "systemd-sysusers") if shutil.which(name) is None]
    if missing or not SYSTEMD.exists():
        return "it needs systemd and util-linux"
    if _control_groups() is None:
        return "it needs a control group file system, version 2"
    tried = subprocess.run([*SPACES, "bash", "-c", TRIAL], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "it needs to make name spaces and mounts"


def _control_groups() -> Path | None:
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    found = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2" and os.access(fields[1], os.W_OK)]
    return found[0] if found else None


def _inner(pid: int) -> str:
    """The number of a process of the machine in the machine itself; empty where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return ""
    return next(line.split()[-1] for line in lines if line.startswith("NSpid:"))


class Machine:
    """Runs from start() to close().

    folder: the logs of its units, `<unit>.log`; its own, `machine.log`; and in `ends.log` what systemd says of how each
    process ended: unit, result, status.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = folder / "made"
        self._group = (_control_groups() or Path()) / f"sottovoce-{uuid.uuid4().hex[:8]}"
        subprocess.run(["make", "-s", "install-units", f"DESTDIR={self._made}"], cwd=ROOT, check=True)  # noqa: S607
        for name in TARGETS:
            self.unit(f"{name}.target", "[Unit]\nDefaultDependencies=no\n")
        for unit in ("sottovoce-gate", "sottovoce-sense", "sottovoce-host"):
            log = f"StandardOutput=append:{folder}/{unit}.log\nStandardError=inherit\n"
            ends = f"ExecStopPost=+/bin/sh -c 'echo %N $$SERVICE_RESULT $$EXIT_STATUS >> {folder}/ends.log'\n"
            self.drop_in(unit, f"{log}{ends}Environment=LD_LIBRARY_PATH=/opt/python/lib\n")

    @property
    def etc(self) -> Path:
        """What will be in /etc/sottovoce."""
        return self._made / "etc/sottovoce"

    def settings(self, name: str, text: str) -> None:
        """Have this in /etc/sottovoce."""
        (self.etc / name).write_text(text)

    def unit(self, name: str, text: str) -> None:
        """Have a unit or a drop-in beside those that were installed."""
        path = self._made / "more" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def drop_in(self, unit: str, lines: str, name: str = "test") -> None:
        """Lines of [Service] over those of the unit."""
        self.unit(f"{unit}.service.d/{name}.conf", f"[Service]\n{lines}")

    def alter(self, unit: str, lines: str) -> None:
        """Other lines of [Service], in the machine that runs, from the unit's next start on."""
        path = self.files / "run/units" / f"{unit}.service.d" / "zz.conf"
        path.write_text(f"[Service]\n{lines}")
        self.ctl("daemon-reload")

    def start(self) -> None:
        """Boot it, as far as its manager answering."""
        self._group.mkdir()
        told = {
            "MADE": str(self._made),
            "ROOT": str(ROOT),
            "PYTHON": sys.base_prefix,
            "SITE": str(Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"),
            "VERSION": f"python3.{sys.version_info.minor}",
        }
        # The kernel ends it with the test, however that ends.
        into = f'echo $$ > "{self._group}/cgroup.procs" && exec "$0" "$@"'
        with (self.folder / "machine.log").open("ab") as log:
            self._popen = subprocess.Popen(
                ["/bin/bash", "-c", into, "setpriv", "--pdeathsig=KILL", *SPACES, "bash", "-c", BOOT],
                env=os.environ | told,
                stdout=log,
                stderr=log,
            )
        wait_until(lambda: self._first() and self.ctl("is-system-running") in {"running", "degraded"}, "it has booted")

    def _first(self) -> int:
        """The process 1 of it, as this computer counts; 0 before there is one."""
        assert self._popen.poll() is None, f"the machine has ended: {self.log('machine')}"
        children = Path(f"/proc/{self._popen.pid}/task/{self._popen.pid}/children").read_text().split()
        return int(children[0]) if children else 0

    def inside(self, *command: str, target: int = 0, mount_only: bool = False) -> subprocess.CompletedProcess[str]:
        """Run a command in it, or in the name spaces of one of its processes."""
        spaces = ["--mount"] if mount_only else ["--mount", "--pid", "--net"]
        return subprocess.run(
            ["nsenter", f"--target={target or self._first()}", *spaces, *command],  # noqa: S607
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def ctl(self, *arguments: str) -> str:
        """What `systemctl` prints."""
        return self.inside("systemctl", *arguments).stdout.strip()

    def shown(self, unit: str, name: str) -> str:
        """A property of a unit, as `systemctl show` tells it."""
        return self.ctl("show", "--value", f"--property={name}", unit)

    def pid(self, unit: str) -> int:
        """The unit's main process, as this computer counts; 0 where none runs."""
        main = self.shown(unit, "MainPID")
        group = self._group / "system.slice" / f"{unit}.service" / "cgroup.procs"
        try:
            return next((pid for pid in map(int, group.read_text().split()) if _inner(pid) == main), 0)
        except OSError:
            return 0

    def log(self, name: str) -> str:
        """What was written so far."""
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    @property
    def group(self) -> Path:
        """The machine's own control group, as this computer names it."""
        return self._group

    @property
    def files(self) -> Path:
        """Its file system, from outside."""
        return Path(f"/proc/{self._first()}/root")

    def close(self) -> None:
        """End it, and all in it: the kernel ends a PID name space with its process 1."""
        if self._popen.poll() is None:
            os.kill(self._first() or self._popen.pid, signal.SIGKILL)
        self._popen.wait(30)
        for folder in sorted(self._group.rglob("*"), reverse=True):
            if folder.is_dir():
                folder.rmdir()
        self._group.rmdir()
