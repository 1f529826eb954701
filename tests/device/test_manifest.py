from pathlib import Path

import pytest

from sottovoce_device.errors import ModelError
from sottovoce_device.perceive.weights import Weights

CURE = "set [models] folder to the one of this release"


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b'[[file]]\nname = "a.onnx"\n', f"an entry has no 'sha256'; {CURE}"),
        (b'[[file]]\nsha256 = "00"\n', f"an entry has no 'name'; {CURE}"),
        (b"[npm]\n", f"no manifest of models (it has no [[file]]); {CURE}"),
        (b"file = 3\n", f"no manifest of models (it has no [[file]]); {CURE}"),
        (b"file = [3]\n", f"no manifest of models (it has no [[file]]); {CURE}"),
        (
            b'[[file]]\nname = "caf\xe9"\n',
            "no manifest of models ('utf-8' codec can't decode byte 0xe9 in position 20: invalid continuation byte); "
            + CURE,
        ),
    ],
    ids=["no sum", "no name", "no files", "a number", "a list of numbers", "not UTF-8"],
)
def test_a_broken_manifest_is_one_line_that_names_it_and_the_cure(tmp_path: Path, manifest: bytes, says: str) -> None:
    (tmp_path / "manifest.toml").write_bytes(manifest)
    with pytest.raises(ModelError) as caught:
        Weights(tmp_path)
    assert str(caught.value) == f"{tmp_path}/manifest.toml: {says}"
