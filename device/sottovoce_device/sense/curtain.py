"""Whether the sensors may give anything: the wearer's word, the hardware switch and the tally light together."""

from typing import Literal

from sottovoce_device.capture.light import Light
from sottovoce_device.capture.mute_switch import MuteSwitch

CurtainState = Literal["on", "muted", "off"]


class Curtain:
    """Drawn at the start, and whenever one of them says so or cannot be asked: it fails closed.

    told_muted: the word of the wearer, as the gate passes it on.
    state: "on"; "muted" by word or switch; "off" where switch or light do not work.
    """

    def __init__(self, switch: MuteSwitch, light: Light) -> None:
        self._switch = switch
        self._light = light
        self._shining = False
        self.told_muted = True
        self.state: CurtainState = "muted"

    def look(self) -> CurtainState:
        """Ask the switch, set the light; the new state. The light is on before anything is sensed."""
        switched: CurtainState = {"open": "on", "muted": "muted", "unreadable": "off"}[self._switch.read()]  # type: ignore[assignment]
        state = "muted" if self.told_muted and switched == "on" else switched
        if state == "on" and not self._shining:
            self._shining = self._light.show(on=True)
            state = "on" if self._shining else "off"
        elif state != "on" and self._shining:
            self._light.show(on=False)
            self._shining = False
        self.state = state
        return state

    def close(self) -> None:
        """Light off."""
        self.told_muted = True
        self.look()
