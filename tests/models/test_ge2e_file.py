import pickle
from pathlib import Path

import pytest

import ge2e


def test_a_checkpoint_cannot_run_code(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    evil = f"cos\nsystem\n(S'touch {trap}'\ntR.".encode()
    with pytest.raises(ge2e.CheckpointError, match="not a checkpoint of GE2E"):
        ge2e.read_checkpoint(evil * 5)
    assert not trap.exists()


@pytest.mark.parametrize("content", [b"", b"weights" * 100, pickle.dumps(1, 2) * 5])
def test_what_is_no_checkpoint_is_refused(content: bytes) -> None:
    with pytest.raises(ge2e.CheckpointError, match="not a checkpoint of GE2E"):
        ge2e.to_onnx(content)


def test_a_checkpoint_of_another_network_is_refused_by_what_it_lacks() -> None:
    parts = [pickle.dumps(part, 2) for part in (0, 0, {}, {"model_state": {}}, [])]
    with pytest.raises(ge2e.CheckpointError, match=r"lacks the tensor .lstm\.weight_ih_l0"):
        ge2e.to_onnx(b"".join(parts))
