import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from stage import PATIENCE_S, Stage, wait_until

from sottovoce_wire import Attended, AwaitReply, Done, Mute, SetPolicy, Speaking, encode
from sottovoce_wire.topics import command_topic

Scene = Callable[..., Path]
ROOT = Path(__file__).parents[2]
QUESTION = "What is seventeen times three?"


def now_ms() -> int:
    return round(time.monotonic() * 1000)


@pytest.fixture(scope="module")
def question_every_twelve_seconds(scene: Scene) -> Path:
    """Long enough for a part to die and come back between two questions."""
    return scene(*[2.0, QUESTION, 9.0] * 6)


def test_a_broker_that_dies_and_comes_back_is_found_again_and_no_question_is_answered_twice(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    broker = stage.broker()
    host = stage.host("external")
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(lambda: len(watch.all(AwaitReply)) == 1, "the first question was answered")
    broker.kill()
    wait_until(lambda: "trying again" in host.said and "trying again" in device.said, "both noticed")
    before = watch.connections
    stage.broker()
    wait_until(lambda: watch.connections > before and watch.senses(), "all are back, and the status says so")
    seen = len(watch.said)
    wait_until(lambda: len(watch.said) > seen, "the next question was heard")
    wait_until(lambda: watch.replies == len(watch.said), "and answered")
    assert watch.replies == len(watch.said)
    assert host.popen.poll() is None
    assert device.popen.poll() is None
    assert "Traceback" not in host.said + device.said


def test_a_gate_that_is_killed_leaves_its_last_will_and_both_processes_come_back(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    stage.host()
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(watch.senses, "the glasses sense")
    parts = device.children()
    parts["gate"].kill()
    wait_until(lambda: any(not s.alive for s in watch.all(type(watch.status))), "the last will was left")
    wait_until(watch.senses, "the glasses sense again")
    heard = len(watch.said)
    wait_until(lambda: len(watch.said) > heard, "a question was heard")
    again = device.children()
    assert set(again) == {"gate", "sense"}
    assert not {p.pid for p in again.values()} & {p.pid for p in parts.values()}
    assert "Traceback" not in device.said


def test_a_sense_that_is_killed_is_told_in_the_status_and_comes_back(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    stage.host()
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(watch.senses, "the glasses sense")
    gate = device.children()["gate"].pid
    device.children()["sense"].kill()
    wait_until(lambda: watch.status and watch.status.alive and not watch.status.sensing, "the status says so")
    wait_until(watch.senses, "the glasses sense again")
    assert device.children()["gate"].pid == gate
    wait_until(lambda: watch.replies, "a question was answered")


def test_a_host_that_is_killed_in_mid_reply_leaves_glasses_that_hear_its_successor(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    stage.broker()
    host = stage.host("external")
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(lambda: watch.replies == 1, "the reply sounds")
    host.kill()
    assert [c.speaking for c in watch.all(Speaking)] == [True], "the host was killed too late for this test"
    stage.host("external")
    wait_until(lambda: [c.speaking for c in watch.all(Speaking)] == [True, True, False], "the next one is answered")
    assert device.popen.poll() is None


def test_no_process_outlives_the_one_that_started_it(stage: Stage, question_every_twelve_seconds: Path) -> None:
    stage.host()
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(watch.senses, "the glasses sense")
    parts = list(device.children().values())
    device.kill()
    assert psutil.wait_procs(parts, timeout=PATIENCE_S)[1] == []


def test_muted_glasses_hear_nothing_even_when_sense_starts_anew(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    stage.host()
    watch = stage.watch()
    device = stage.device(question_every_twelve_seconds)
    wait_until(watch.senses, "the glasses sense")
    mute = Mute(session=5, seq=1, sent_ms=now_ms(), muted=True)
    watch.publish(command_topic("specs", mute), encode(mute))
    wait_until(lambda: [d for d in watch.all(Done) if d.name == "Mute" and d.outcome == "done"], "it was confirmed")
    wait_until(lambda: watch.status and watch.status.muted, "the status says so")
    device.children()["sense"].kill()
    wait_until(lambda: watch.status and not watch.status.sensing, "sense is gone")
    wait_until(watch.senses, "sense is back")
    heard = len(watch.said)
    time.sleep(14)  # as long as a question and its silence last in the scene
    assert len(watch.said) == heard
    unmute = Mute(session=5, seq=2, sent_ms=now_ms(), muted=False)
    watch.publish(command_topic("specs", unmute), encode(unmute))
    wait_until(lambda: len(watch.said) > heard, "a question was heard after unmuting")


def test_commands_are_answered_once_and_nonsense_and_retained_ones_are_refused(stage: Stage, scene: Scene) -> None:
    stage.host()
    watch = stage.watch()
    stage.device(scene(1.0))
    wait_until(watch.senses, "the glasses sense")
    policy = SetPolicy(session=5, seq=3, sent_ms=now_ms(), mode="normal", withheld=())
    topic = command_topic("specs", policy)
    watch.publish(topic, b"\x00 nonsense")
    watch.publish(topic.replace("SetPolicy", "Mute"), encode(policy))
    for _ in range(2):
        watch.publish(topic, encode(policy))
    last = SetPolicy(session=5, seq=4, sent_ms=now_ms(), mode="normal", withheld=())
    watch.publish(topic, encode(last))
    wait_until(lambda: [d for d in watch.all(Done) if d.command == 4], "the last one was answered")
    assert [d.command for d in watch.all(Done)] == [3, 4]


def test_words_withheld_by_policy_stay_on_the_glasses(stage: Stage, question_every_twelve_seconds: Path) -> None:
    stage.host()
    watch = stage.watch()
    stage.device(question_every_twelve_seconds)
    wait_until(lambda: len(watch.said) == 1, "the first question was heard")
    shadow = SetPolicy(session=5, seq=1, sent_ms=now_ms(), mode="shadow", withheld=())
    watch.publish(command_topic("specs", shadow), encode(shadow))
    wait_until(lambda: watch.all(Done), "the policy was confirmed")
    ledger = len(watch.all(Attended))
    wait_until(lambda: len(watch.all(Attended)) > ledger, "the ledger goes on")
    assert len(watch.said) == 1


def _without_models(folder: Path, spoil: Callable[[Path], object]) -> str:
    models = folder / "models"
    shutil.copytree(ROOT / "models/weights", models / "weights")
    shutil.copy(ROOT / "models/manifest.toml", models)
    spoil(models / "weights" / "smart_turn.onnx")
    return str(models)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p: p.unlink(), "smart_turn.onnx: No such file or directory; run `make models`"),
        (lambda p: p.write_bytes(p.read_bytes()[:1000]), "not the file that the manifest promises (sha256); run `make"),
    ],
    ids=["missing", "corrupt"],
)
def test_a_bad_model_ends_the_glasses_with_one_clear_line(
    stage: Stage, scene: Scene, spoil: Callable[[Path], object], says: str
) -> None:
    stage.broker()
    options = stage.device_options(scene(1.0))
    settings = Path(options[0].removeprefix("--config="))
    settings.write_text(settings.read_text() + f'[models]\nfolder = "{_without_models(stage.folder, spoil)}"\n')
    device = stage.start("device", "sottovoce_device", "run", *options)
    assert device.popen.wait(60) == 2
    assert len([line for line in device.said.splitlines() if says in line]) == 1
    assert "Traceback" not in device.said
    assert "starting it again" not in device.said


def test_a_scene_that_is_not_there_ends_the_glasses_with_one_clear_line(stage: Stage) -> None:
    stage.broker()
    device = stage.device(stage.folder / "nowhere.wav")
    assert device.popen.wait(60) == 2
    assert "nowhere.wav: there is no such sound file" in device.said
    assert "Traceback" not in device.said


def test_a_port_that_is_taken_ends_the_host_with_one_clear_line(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", stage.port)):
        host = stage.host()
        assert host.popen.wait(60) == 2
    assert "cannot listen on" in host.said
    assert 'mode = "external"' in host.said
    assert "Traceback" not in host.said


def test_a_second_gate_of_the_same_name_is_refused_and_the_first_one_stays(stage: Stage, scene: Scene) -> None:
    stage.broker()
    path = scene(1.0)
    first = stage.device(path, "gate")
    wait_until(lambda: "connected" in first.said, "the first gate is connected")
    second = stage.device(path, "gate")
    assert second.popen.wait(30) == 2
    assert "another gate is running" in second.said
    assert first.popen.poll() is None


def test_a_full_disk_under_the_reply_is_said_and_the_host_goes_on(
    stage: Stage, question_every_twelve_seconds: Path
) -> None:
    host = stage.host(wav="/dev/full")
    watch = stage.watch()
    stage.device(question_every_twelve_seconds)
    wait_until(lambda: "No space left on device" in host.said, "the host said so")
    wait_until(lambda: len(watch.said) > 1, "the next question came")
    assert host.popen.poll() is None
    assert "Traceback" not in host.said


@pytest.mark.parametrize(
    ("package", "text", "says"),
    [
        ("sottovoce_device", "[microphone]\nrate = 1", "[microphone] has no key 'rate'; it has: driver, path"),
        ("sottovoce_device", "[mircophone]", "there is no table [mircophone]; there are: device, microphone"),
        ("sottovoce_device", "[gate]\nport = 99999", "[gate] port: Expected `int` <= 65535"),
        (
            "sottovoce_device",
            "[device]\nname = 'My Glasses'",
            "[device] name: not as it has to be (what the host knows them by: 1 to 32 of a-z, 0-9 and -.)",
        ),
        ("sottovoce_device", "port = 1", "there is no table [port]"),
        ("sottovoce_device", "[eye_camera]\ndriver = 'rendered'", "[world_camera] sees: turn that on, too"),
        ("sottovoce_host", "[voice]\nsink = 'radio'", "[voice] sink: Invalid enum value 'radio'"),
        ("sottovoce_host", "[mind]\ntimezone = 'Berlin'", "no such zone"),
        ("sottovoce_host", "not toml at all", "not TOML"),
    ],
)
def test_a_broken_setting_is_refused_with_file_table_and_key(stage: Stage, package: str, text: str, says: str) -> None:
    settings = stage.folder / "broken.toml"
    settings.write_text(text)
    running = stage.start("broken", package, "run", f"--config={settings}")
    assert running.popen.wait(60) == 2
    assert says in running.said
    assert len(running.said.splitlines()) == 1
