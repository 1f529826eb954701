"""The sensing process as `run_sense` starts it, sealed and at work, but with a step that never ends."""

import sys
import threading
from pathlib import Path

from sottovoce_device.config import Config
from sottovoce_device.sense.process import Sense
from sottovoce_device.sense.seal import Seal
from sottovoce_wire.readiness import notify
from sottovoce_wire.settings import load_settings

config = load_settings(Config, Path(sys.argv[1]))
seal = Seal(config)
seal.begin()
sense = Sense(config)
notify("READY=1")
seal.finish(sense.outlet.descriptor)
sense._steps.put(lambda: threading.Event().wait() and None)
sense.run(sealed=True, hung_s=float(sys.argv[2]))
