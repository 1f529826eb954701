"""The commands `sottovoce-device pair` and `sottovoce-device unpair`."""

import sys

from sottovoce_device.config import Config, state_folder
from sottovoce_device.gate.doorway import clear_lock
from sottovoce_device.gate.identity import paired, unpair
from sottovoce_device.gate.tether import wait_for_host
from sottovoce_trust.errors import PairingError
from sottovoce_trust.private_files import private_folder


async def run_pair(config: Config) -> None:
    """Wait for the host, once. Raises PairingError for glasses that are paired."""
    state = private_folder(state_folder(config))
    if paired(state):
        raise PairingError(f"{config.device.name} is paired already: run `sottovoce-device unpair` first")
    clear_lock(state)
    await wait_for_host(config, _say)


def run_unpair(config: Config) -> str:
    """Destroy the keys; what to tell the user."""
    if unpair(state_folder(config)):
        return f"{config.device.name}: unpaired; the keys are destroyed"
    return f"{config.device.name} was not paired"


def _say(line: str) -> None:
    sys.stderr.write(f"gate: {line}\n")
