import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "sottovoce_wire": "device",
    "sottovoce_trust": "device",
    "sottovoce_device": "device",
    "sottovoce_host": "host",
}
OURS = tuple(PACKAGES)

# What each room may import besides the standard library and itself: its neighbours, and its libraries.
DEVICE, HOST = "sottovoce_device", "sottovoce_host"
WIRE = {"sottovoce_wire"}
TRUST = {"sottovoce_trust"}
SETTLED = {f"{DEVICE}.config", f"{DEVICE}.errors"}
HOST_LOG = {f"{HOST}.log"}
HOST_SETTLED = HOST_LOG | {f"{HOST}.config", f"{HOST}.errors"}
ROOMS: dict[str, set[str]] = {
    "sottovoce_wire": {"msgspec"},
    "sottovoce_trust": WIRE | {"aiomqtt", "msgspec", "spake2", "cryptography", "zeroconf"},
    f"{DEVICE}.config": WIRE | {"msgspec"},
    f"{DEVICE}.errors": WIRE,
    f"{DEVICE}.plausible": WIRE | {f"{DEVICE}.config"},
    f"{DEVICE}.observation": {"msgspec", "numpy"},
    f"{DEVICE}.opencv": {f"{DEVICE}.errors", "cv2", "numpy"},
    f"{DEVICE}.capture": SETTLED
    | {
        "sottovoce_wire.errors",
        "sottovoce_wire.own_file",
        f"{DEVICE}.opencv",
        "msgspec",
        "numpy",
        "soundfile",
        "soxr",
        "pyaudio",
        "gpiod",
        "picamera2",
    },
    f"{DEVICE}.perceive": {
        f"{DEVICE}.errors",
        f"{DEVICE}.observation",
        f"{DEVICE}.capture.sample",
        f"{DEVICE}.capture.frame",
        f"{DEVICE}.opencv",
        "msgspec",
        "numpy",
        "onnxruntime",
        "ai_edge_litert",
        "tflite_runtime",
    },
    f"{DEVICE}.words": {f"{DEVICE}.errors"},
    f"{DEVICE}.learnt": {f"{DEVICE}.errors", "msgspec"},
    f"{DEVICE}.enrolment": TRUST
    | {f"{DEVICE}.capture", f"{DEVICE}.decide", f"{DEVICE}.errors", f"{DEVICE}.learnt", f"{DEVICE}.observation"}
    | {f"{DEVICE}.config", f"{DEVICE}.perceive", f"{DEVICE}.sense.curtain", "numpy"},
    f"{DEVICE}.decide": WIRE | {f"{DEVICE}.config", f"{DEVICE}.observation", "msgspec", "numpy"},
    f"{DEVICE}.sense": WIRE
    | SETTLED
    | {f"{DEVICE}.capture", f"{DEVICE}.perceive", f"{DEVICE}.decide", f"{DEVICE}.observation", f"{DEVICE}.words"}
    | {f"{DEVICE}.learnt", "msgspec", "numpy"},
    f"{DEVICE}.gate": WIRE | TRUST | SETTLED | {DEVICE, f"{DEVICE}.learnt", "aiomqtt", "msgspec", "psutil", "segno"},
    f"{DEVICE}.replay": WIRE
    | SETTLED
    | {
        f"{DEVICE}.capture",
        f"{DEVICE}.perceive",
        f"{DEVICE}.decide",
        f"{DEVICE}.sense.ear",
        f"{DEVICE}.sense.press_script",
        f"{DEVICE}.sense.recogniser",
        f"{DEVICE}.observation",
        f"{DEVICE}.enrolment",
        f"{DEVICE}.learnt",
        f"{DEVICE}.replay_sight",
        f"{DEVICE}.gate.judge",
        f"{DEVICE}.words",
        "msgspec",
    },
    f"{DEVICE}.replay_sight": WIRE
    | SETTLED
    | {
        f"{DEVICE}.capture",
        f"{DEVICE}.decide",
        f"{DEVICE}.observation",
        f"{DEVICE}.perceive.eye",
        f"{DEVICE}.perceive.weights",
        f"{DEVICE}.learnt",
        f"{DEVICE}.sense.eye",
        f"{DEVICE}.sense.gaze_file",
        f"{DEVICE}.sense.gaze_script",
        f"{DEVICE}.sense.sight",
        f"{DEVICE}.sense.sight_models",
        "msgspec",
    },
    f"{DEVICE}.supervise": WIRE,
    f"{DEVICE}.check": WIRE
    | SETTLED
    | {f"{DEVICE}.capture", f"{DEVICE}.perceive.weights", "numpy"}
    | {f"{DEVICE}.sense.curtain", f"{DEVICE}.sense.finder", f"{DEVICE}.sense.recogniser"},
    f"{DEVICE}.cli": WIRE
    | SETTLED
    | {f"{DEVICE}.check"}
    | {DEVICE, f"{DEVICE}.sense", f"{DEVICE}.gate", f"{DEVICE}.replay", f"{DEVICE}.replay_sight", f"{DEVICE}.supervise"}
    | {f"{DEVICE}.enrolment", f"{DEVICE}.learnt", f"{DEVICE}.perceive", f"{DEVICE}.plausible", "click", "msgspec"},
    f"{HOST}.config": WIRE | {"msgspec"},
    f"{HOST}.errors": WIRE,
    f"{HOST}.log": set(),
    f"{HOST}.link": WIRE | TRUST | HOST_SETTLED | {"aiomqtt", "amqtt", "msgspec"},
    f"{HOST}.memory": WIRE | {"msgspec"},
    f"{HOST}.mind": WIRE | HOST_LOG | {f"{HOST}.memory", "msgspec", "pint", "num2words"},
    f"{HOST}.voice": WIRE | HOST_SETTLED | {"msgspec", "numpy", "hibari", "miniaudio"},
    f"{HOST}.looks": WIRE | {f"{HOST}.link", f"{HOST}.mind"},
    f"{HOST}.skills": WIRE | HOST_SETTLED | {f"{HOST}.mind"},
    f"{HOST}.turn": WIRE | {f"{HOST}.link", f"{HOST}.mind", "msgspec"},
    f"{HOST}.conversation": WIRE
    | HOST_SETTLED
    | {f"{HOST}.looks", f"{HOST}.link", f"{HOST}.memory", f"{HOST}.mind", f"{HOST}.turn", f"{HOST}.voice"},
    f"{HOST}.process": WIRE
    | HOST_SETTLED
    | {f"{HOST}.conversation", f"{HOST}.link", f"{HOST}.memory", f"{HOST}.mind", f"{HOST}.skills", f"{HOST}.voice"},
    f"{HOST}.demo": WIRE
    | HOST_SETTLED
    | {f"{HOST}.conversation", f"{HOST}.process", f"{HOST}.link", f"{HOST}.mind", f"{HOST}.turn", f"{HOST}.voice"}
    | {"msgspec", "numpy", "soundfile", "rich"},
    f"{HOST}.cli": WIRE
    | HOST_SETTLED
    | {HOST, f"{HOST}.process", f"{HOST}.demo", f"{HOST}.link", f"{HOST}.memory", f"{HOST}.mind", f"{HOST}.skills"}
    | {"click", "msgspec"},
}
# Vendor libraries live in one file each (amqtt also in its plugin); deleting the file deletes the dependency.
ONE_FILE = {
    "onnxruntime": "perceive/runtime.py",
    "cv2": "sottovoce_device/opencv.py",
    "ai_edge_litert": "perceive/litert.py",
    "picamera2": "capture/picamera2.py",
    "soundfile": "capture/simulated.py",
    "soxr": "capture/simulated.py",
    "pyaudio": "capture/portaudio.py",
    "gpiod": "capture/gpio.py",
    "psutil": "gate/process.py",
    "amqtt": "link/broker.py link/authority_plugin.py",
    "spake2": "sottovoce_trust/pake.py",
    "cryptography": "sottovoce_trust/certificates.py",
    "zeroconf": "sottovoce_trust/mdns.py",
    "segno": "gate/codeface.py",
    "hibari": "voice/hibari.py",
    "miniaudio": "voice/speaker.py",
    "rich": "demo/screen.py",
    "pint": "mind/measures.py",
    "num2words": "mind/phrasing.py",
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "base", "core"}
FILE_LINES, FUNCTION_LINES = 300, 40


def sources() -> list[Path]:
    return sorted(p for package, side in PACKAGES.items() for p in (ROOT / side / package).rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts[1:]
    return ".".join(p for p in parts if p != "__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def room_of(module: str) -> str:
    inside = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    return max(inside, key=len, default="")


def within(module: str, place: str) -> bool:
    if place in (DEVICE, HOST):  # the package itself, for its version
        return module == place
    return module == place or module.startswith(f"{place}.")


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_imports_only_its_neighbours_and_its_own_libraries(path: Path) -> None:
    module = module_name(path)
    if module in OURS or module.endswith("__main__"):
        return
    room = room_of(module)
    assert room, f"{path} is in no room: give it one in this table and in docs/architecture.md"
    for name in imports(path):
        if name.split(".")[0] in sys.stdlib_module_names:
            continue
        allowed = any(within(name, place) for place in {room, *ROOMS[room]})
        assert allowed, f"{module} imports {name}: not in the architecture's table"


def test_every_vendor_library_is_imported_in_exactly_one_file() -> None:
    for library, home in ONE_FILE.items():
        found = {str(p.relative_to(ROOT)) for p in sources() if any(n.split(".")[0] == library for n in imports(p))}
        assert len(found) == len(home.split()), f"{library} is imported in {sorted(found)}"
        assert all(any(place.endswith(one) for one in home.split()) for place in found)


@pytest.mark.parametrize(
    "module", ["time", "datetime", "os", "socket", "random", "secrets", "asyncio", "threading", "io", "pathlib"]
)
def test_the_rules_of_decide_have_no_clock_no_device_and_no_chance(module: str) -> None:
    for path in (ROOT / "device/sottovoce_device/decide").glob("*.py"):
        assert module not in {n.split(".")[0] for n in imports(path)}, path


def python_files() -> list[Path]:
    return [*sources(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "models").glob("*.py"))]


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_file_fits_in_a_head(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= FILE_LINES
    assert path.stem not in FORBIDDEN_NAMES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno}: a bare except"


def test_no_two_files_of_tests_have_one_name() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == [], "pytest takes them for one module"
