"""Where the models' files are, and that they are the right ones."""

import hashlib
import tomllib
from pathlib import Path

from sottovoce_device.errors import ModelError


class Weights:
    """The files that a manifest promises, in the folder `weights` beside it.

    folder: that one. onnx, lite: what models of these two kinds are to run on; see runtime.py and litert.py.
    """

    def __init__(self, folder: Path, onnx: str = "cpu", lite: str = "xnnpack") -> None:
        self.onnx, self.lite = onnx, lite
        manifest = folder / "manifest.toml"
        self.folder = folder / "weights"
        self._sha256 = _promised(manifest)

    def holds(self, name: str) -> bool:
        """Whether a file of this name is there, right or not."""
        return name in self._sha256 and (self.folder / name).is_file()

    def path(self, name: str) -> Path:
        """The file of this name, checked. Raises ModelError, naming the cure, where it is missing or another."""
        path = self.folder / name
        if name not in self._sha256:
            raise ModelError(f"{name}: the manifest has no such model; set [models] folder to the one of this release")
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise ModelError(f"{path}: {error.strerror or 'cannot be read'}; run `make models`") from None
        if found != self._sha256[name]:
            raise ModelError(f"{path}: not the file that the manifest promises (sha256); run `make models`")
        return path


def _promised(manifest: Path) -> dict[str, str]:
    """The SHA-256 of every file of a manifest, by name."""
    cure = "set [models] folder to the one of this release"
    try:
        entries = tomllib.loads(manifest.read_text(encoding="utf-8")).get("file")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{manifest}: no manifest of models ({error}); {cure}") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ModelError(f"{manifest}: no manifest of models (it has no [[file]]); {cure}")
    try:
        return {str(entry["name"]): entry["sha256"] for entry in entries}
    except KeyError as error:
        raise ModelError(f"{manifest}: an entry has no {error}; {cure}") from None
