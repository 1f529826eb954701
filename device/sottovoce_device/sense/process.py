"""The sensing process: one thread a sensor, one thread a model, and the rules on the main thread.

There is no asyncio here: it would bring TLS and socket servers into the process that has the sensors.
"""

import contextlib
import signal
import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

import numpy as np

from sottovoce_device.capture.button import open_button
from sottovoce_device.capture.light import Light, open_light
from sottovoce_device.capture.mailbox import Mailbox
from sottovoce_device.capture.microphone import Microphone, open_microphone
from sottovoce_device.capture.mute_switch import MuteSwitch, open_switch
from sottovoce_device.capture.own_files import blamed
from sottovoce_device.capture.sample import Sample
from sottovoce_device.config import Config, models_folder, socket_path, wearer_folder
from sottovoce_device.decide.addressee import Addressee
from sottovoce_device.decide.ask import Ask
from sottovoce_device.decide.wearer import Wearer
from sottovoce_device.errors import LearntError, LostError, SealError
from sottovoce_device.learnt import read_voice, state_of
from sottovoce_device.perceive.ge2e import Ge2e
from sottovoce_device.perceive.moonshine import Moonshine
from sottovoce_device.perceive.silero import SileroVad
from sottovoce_device.perceive.smart_turn import SmartTurn
from sottovoce_device.perceive.weights import Weights
from sottovoce_device.sense.allocator import keep_little
from sottovoce_device.sense.button_watch import ButtonWatch
from sottovoce_device.sense.curtain import Curtain, CurtainState
from sottovoce_device.sense.ear import Ear
from sottovoce_device.sense.outlet import Outlet
from sottovoce_device.sense.patience import HUNG_S, opened
from sottovoce_device.sense.recogniser import Recogniser, open_recogniser
from sottovoce_device.sense.seal import Seal
from sottovoce_device.sense.tally import Senses, Tally
from sottovoce_device.sense.worker import Found, Worker, Workers
from sottovoce_device.words import read_words
from sottovoce_wire import AwaitReply, CalibrateGaze, Done, ExpectEcho, Forget, Look, Mute, Speaking, WireError
from sottovoce_wire.commands import AnyCommand
from sottovoce_wire.readiness import notify

if TYPE_CHECKING:
    from sottovoce_device.sense.watch import Watch

BLOCKS_WAITING: Final = 64
"""Two seconds of sound: a stall longer than that is a loss, and is counted."""
ENDS_S: Final = 2.0
"""A driver that hangs is not waited for any longer at the end."""
SILENT_MS: Final = 10_000.0
"""A microphone that gives no block for so long hangs; a silent one gives blocks of silence."""
STALLED: Final = 3.0
"""A slow board may be at the longest turn for a minute."""
LEARNT_MS: Final = 1_000.0
"""How often it is looked whether the wearer's voice has been learnt anew: a look costs as much as a block's level."""

Step = Callable[[], None]


class Sense:
    """Sensors in, events out, until stop() or an error. It begins muted: the gate's first word opens it."""

    def __init__(self, config: Config, *, patient: bool = False) -> None:
        weights = Weights(models_folder(config), config.models.onnx, config.models.lite)
        vad, moonshine, smart_turn = SileroVad(weights), Moonshine(weights), SmartTurn(weights)
        final = open_recogniser(config.models.recogniser, weights)
        _warm_up(moonshine, smart_turn, *([final] if final else []))
        keep_little()
        self._steps: SimpleQueue[Step] = SimpleQueue()
        self._blocks: Mailbox[Sample] = Mailbox(BLOCKS_WAITING)
        switch: MuteSwitch = opened(lambda: open_switch(config.mute), patient=patient)
        self._button = ButtonWatch(opened(lambda: open_button(config.button), patient=patient))
        self.light: Light = opened(lambda: open_light(config.light), patient=patient)
        self._curtain = Curtain(switch, self.light)
        self._microphone: Microphone = opened(lambda: open_microphone(config.microphone), patient=patient)
        self.outlet = Outlet(socket_path(config))
        self._wearer_folder = wearer_folder(config)
        self._learnt = state_of(self._wearer_folder)
        self._learnt_next_ms = 0.0
        voice = read_voice(self._wearer_folder)
        addressee = Addressee(read_words(), config.attention.name)
        wearer = None if voice is None else Wearer(voice.embedding, voice.syllable_db)
        told = self._answered, self._failed
        workers = {
            "words": Worker("moonshine", moonshine.infer, *told),
            "end": Worker("smart-turn", lambda speech, _: smart_turn.infer(speech), *told),
        }
        if final is not None:
            workers["final"] = Worker("recogniser", lambda speech, _: final.infer(speech), *told)
        if voice is not None:
            ge2e = Ge2e(weights)
            workers["voice"] = Worker("ge2e", lambda speech, _: ge2e.infer(speech), *told)
        self._workers = Workers(workers)
        self._ear = Ear(config, vad, self._workers.submit, self.outlet.send, addressee, wearer)
        self._tally = Tally()
        self._watch = self._open_watch(config, weights)
        self._came_ms: float | None = None
        self._blamed = partial(blamed, config=config)
        self._stopping = False

    def _open_watch(self, config: Config, weights: Weights) -> "Watch | None":
        """Seeing, where a world camera is on. Its libraries are loaded only then."""
        if config.world_camera.driver == "off":
            return None
        from sottovoce_device.sense.watch import open_watch

        return open_watch(config, weights, self._steps.put, self.outlet.send, self._failed, self._ear.see)

    def run(self, *, sealed: bool, hung_s: float = HUNG_S) -> None:
        """Sense until stop(). Raises SottovoceError with the reason when it cannot go on.

        sealed: devices cannot be opened again, so one that is lost ends this. hung_s: what counts as hanging; for a
        model STALLED times as much does.
        """
        threads = [threading.Thread(target=t, name=t.__name__, daemon=True) for t in (self._capture, self._listen)]
        self._came_ms = self._tally.now_ms()
        for thread in threads:
            thread.start()
        if self._watch is not None:
            self._watch.start()
        try:
            while not self._stopping:
                models, longest_ms = (self._workers, self._watch), STALLED * hung_s * 1000
                if not any(model.stalled(self._tally.now_ms(), longest_ms) for model in models if model):
                    signal.setitimer(signal.ITIMER_REAL, hung_s)
                with contextlib.suppress(Empty):
                    self._steps.get(timeout=1.0)()
                self._report()
                self._check(sealed=sealed)
        finally:
            self.close()
            for thread in threads:
                thread.join(ENDS_S)

    def _check(self, *, sealed: bool) -> None:
        """Raises where only a successor can go on: one that is not yet sealed."""
        if sealed and self._microphone.state == "lost":
            raise LostError("the microphone has gone; sense ends, and its successor looks for it")
        if sealed and self._watch is not None and self._watch.back:
            raise LostError("a camera is there again; sense ends, and its successor opens it")
        now_ms, came_ms = self._tally.now_ms(), self._came_ms
        if came_ms is not None and self._microphone.state != "on":  # which the driver itself looks for, where it may
            self._came_ms = now_ms
        elif came_ms is not None and now_ms - came_ms > SILENT_MS:
            raise LostError(f"nothing came of the microphone for {SILENT_MS / 1000:.0f} s; sense ends, and begins anew")
        if now_ms < self._learnt_next_ms:
            return
        self._learnt_next_ms = now_ms + LEARNT_MS
        if state_of(self._wearer_folder) != self._learnt:
            raise LearntError("what is known of the wearer has changed; sense ends, and its successor reads it")

    def close(self) -> None:
        """Let go of sensors, gate and models; what run() does at its end."""
        self._stopping = True
        self._curtain.close()
        self._microphone.close()
        self.outlet.close()
        self._blocks.close()
        self._workers.close()
        if self._watch is not None:
            self._watch.close()

    def stop(self) -> None:
        """End run() soon; may be called from a signal handler."""
        self._steps.put(self._stop)

    def _stop(self) -> None:
        self._stopping = True

    def _capture(self) -> None:
        try:
            for block in self._microphone.blocks():
                self._came_ms = self._tally.now_ms()
                self._blocks.put(block)
                self._steps.put(self._hear)
            self._came_ms = None  # a file is over
        except BaseException as error:  # noqa: BLE001 -- handed to the main thread, which ends the process with it
            self._failed(error)

    def _listen(self) -> None:
        while True:
            try:
                command = self.outlet.receive()
            except WireError:
                continue
            except BaseException as error:  # noqa: BLE001 -- handed to the main thread
                self._failed(error)
                return
            self._steps.put(lambda command=command: self._obey(command))  # type: ignore[misc]

    def _hear(self) -> None:
        while (block := self._blocks.take(timeout_s=0)) is not None:
            self._feel(block.at_ms)
            if self._look() == "on":
                self._ear.hear(block)
            else:
                block.wipe()

    def _feel(self, now_ms: float) -> None:
        """Read the button, once a block: 32 ms is longer than contacts bounce, and shorter than a tap."""
        act = self._button.feel(now_ms)
        if act is not None:
            self._ear.press(act, now_ms)

    def _look(self) -> CurtainState:
        before, state = self._curtain.state, self._curtain.look()
        if before == "on" and state != "on":
            self._ear.deafen()
            self._workers.forget()
        if self._watch is not None and (before == "on") != (state == "on"):
            self._watch.mute(state != "on", self._tally.now_ms())
        return state

    def _answered(self, ask: Ask, found: Found | None) -> None:
        self._steps.put(lambda: self._ear.learn(ask, found))

    def _failed(self, error: BaseException) -> None:
        def reraise() -> None:
            if not self._stopping:
                raise self._blamed(error)

        self._steps.put(reraise)

    def _obey(self, command: AnyCommand) -> None:
        now_ms = self._tally.now_ms()
        outcome: str = "done"
        if isinstance(command, Mute):
            self._curtain.told_muted = command.muted
            self._look()
        elif isinstance(command, Speaking | ExpectEcho | AwaitReply):
            self._ear.obey(command, now_ms)
            return
        elif isinstance(command, Look | CalibrateGaze) and self._watch is not None:
            outcome = self._asked_to_see(command, self._watch, now_ms)
            if not outcome:
                return
        elif isinstance(command, Forget) and command.what != "voice":
            if self._watch is not None:
                self._watch.eye.forget(now_ms)
        else:
            outcome = "unsupported"
        name = type(command).__name__
        self.outlet.send(Done(at_ms=round(now_ms), command=command.seq, name=name, outcome=outcome))  # type: ignore[arg-type]

    def _asked_to_see(self, command: Look | CalibrateGaze, watch: "Watch", now_ms: float) -> str:
        """What becomes of the command at once; empty where it is answered later."""
        if isinstance(command, CalibrateGaze) and not watch.has_eye_camera:
            return "unsupported"
        if self._look() != "on":
            return "refused"
        if isinstance(command, CalibrateGaze):
            watch.eye.calibrate(command, now_ms)
        else:
            watch.sight.look(command, now_ms)
        return ""

    def _report(self) -> None:
        dropped = self._blocks.dropped + self._workers.dropped + self.outlet.dropped
        drawn = self._look()
        microphone = self._microphone.state if drawn == "on" else drawn
        senses = Senses(microphone, self._button.state)
        if self._watch is not None:
            now_ms = self._tally.now_ms()
            self._watch.eye.tick(now_ms)
            dropped += self._watch.dropped
            camera, eye, gaze = self._watch.states(now_ms)
            if drawn != "on":
                camera, eye = "muted", "off" if eye == "off" else "muted"
            senses = Senses(microphone, self._button.state, camera, eye, gaze)
        for vitals in self._tally.due(dropped, senses):
            self.outlet.send(vitals)


def _warm_up(*models: Recogniser | SmartTurn) -> None:
    """A model's first run is its slowest: have it before anybody speaks."""
    for model in models:
        model.infer(Sample(np.zeros(16_000, np.float32), 0.0))


def run_sense(config: Config, *, patient: bool = False) -> None:
    """Sense, sealed, until SIGTERM or SIGINT. patient: wait for sensors that are not there yet."""
    seal = Seal(config)
    seal.begin()
    sense = Sense(config, patient=patient)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sense.stop())
    notify("READY=1")
    try:
        seal.finish(sense.outlet.descriptor, sense.light.descriptor)
    except SealError:
        sense.close()
        raise
    sense.run(sealed=config.sense.seal == "enforce")
