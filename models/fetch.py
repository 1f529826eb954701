"""Fetches what manifest.toml lists, by package name through pip as it is configured: `make models`.

A file that is there with the right sha256 is left alone, so a second run fetches nothing and an interrupted run goes
on with the package that it was at: pip resumes a broken transfer, and what has been unpacked stays. Standard library
only.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tomllib
import zipfile
from itertools import groupby
from pathlib import Path
from typing import Any

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
    options = parser.parse_args()
    folder: Path = options.folder
    try:
        fetch(tomllib.loads(options.manifest.read_text())["file"], folder)
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


def fetch(files: list[dict[str, Any]], folder: Path) -> None:
    """Bring every file into the folder, checked. Raises FetchError, or OSError where the disk refuses."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [f for f in files if not is_right(folder / f["name"], f["sha256"])]
    if not missing:
        sys.stdout.write(f"models: all {len(files)} files are there and right\n")
        return
    by_wheel = sorted(missing, key=lambda f: (f["package"], f["version"]))
    for (package, version), wanted in groupby(by_wheel, key=lambda f: (f["package"], f["version"])):
        scratch = folder / f".{package}-{version}"
        wheel = download(f"{package}=={version}", scratch)
        for file in wanted:
            unpack(wheel, file, folder)
        shutil.rmtree(scratch)


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
    target = folder / file["name"]
    part = target.with_name(target.name + ".part")
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
    part.replace(target)
    sys.stdout.write(f"models: {file['name']:24} {file['bytes'] / 1e6:6.1f} MB  {file['licence']:13} {file['job']}\n")


if __name__ == "__main__":
    sys.exit(main())
