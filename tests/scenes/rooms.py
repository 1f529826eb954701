"""Rooms: how sound gets from a mouth to the glasses. The image-source model of pyroomacoustics (MIT)."""

import math
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from tests.scenes.split import Side, on

from sottovoce_device.config import MicrophoneConfig
from sottovoce_device.perceive.parallax import SOUND_M_S, Layout

RATE_HZ: Final = 16_000
LAYOUT: Final = Layout(MicrophoneConfig().second_m, MicrophoneConfig().mouth_m)
"""Where the second microphone and the wearer's mouth are, from the first: as the glasses are delivered."""
HEAD_M: Final = 0.0875
"""Radius of a head (Algazi et al. 2001)."""
HEAD_FROM_FIRST_M: Final = (-0.07, 0.055, 0.0)
"""From the first microphone, at the right hinge, to the middle of the head: ahead, left, up."""
DIRECT: Final = 40
"""Samples after the first loud one of a response, 2.5 ms, in which nothing has been reflected yet."""
ORDER_MOST: Final = 50
"""Reflections beyond this many are left out: they are more than 20 dB under the direct sound of a voice at 4 m."""
TAIL_DB: Final = -55.0
"""Where a response is cut off, under its peak: below any room's noise."""
WALL_M: Final = 0.35
"""Nobody's head is nearer to a wall."""
POOL: Final = 36
"""Rooms there are, on all sides together: their responses are computed once a process."""

Pcm = NDArray[np.float32]
Kind = Literal["room", "outdoors", "anechoic"]


class Room(Struct, frozen=True):
    """A shoebox, or none.

    size_m: length, width, height. rt60_s: Sabine's reverberation time, 0.2 (furnished) to 0.8 (bare).
    """

    kind: Kind = "room"
    size_m: tuple[float, float, float] = (5.0, 4.0, 2.6)
    rt60_s: float = 0.4


class Place(Struct, frozen=True):
    """Where a source is, seen from the wearer: distance, bearing (0 is ahead, positive to the right), and height.

    distance_m 0 is the wearer's own mouth.
    """

    distance_m: float = 0.0
    bearing_deg: float = 0.0
    height_m: float = 1.5


MOUTH: Final = Place()


def pool(side: Side) -> list[Room]:
    """The rooms of this side, from cupboard to lecture room; an eighth of them outdoors, one without any echo."""
    return [draw(int(key)) for key in on(side, "room", [str(n) for n in range(POOL)])] + [Room("anechoic")]


def draw(number: int) -> Room:
    """Room of this number: sizes of dwellings and offices, reverberation 0.2 to 0.8 s."""
    rng = np.random.default_rng([7, number])
    if number % 8 == 0:
        return Room("outdoors", (60.0, 60.0, 30.0), 0.0)
    size = tuple(round(float(v), 2) for v in rng.uniform((3.0, 2.6, 2.4), (8.5, 6.0, 3.2)))
    return Room("room", (size[0], size[1], size[2]), round(float(rng.uniform(0.2, 0.8)), 2))


class Acoustics:
    """Impulse responses, each computed once and kept in memory. Deterministic."""

    def __init__(self) -> None:
        self._known: dict[tuple[Room, Place, int], Pcm] = {}

    def response(self, room: Room, place: Place, microphones: int = 1) -> Pcm:
        """From a source to the glasses: [microphones, n], 16 kHz; the direct sound at 1 m has the amplitude 1."""
        key = (room, place, microphones)
        if key not in self._known:
            self._known[key] = _computed(room, place, microphones)
        return self._known[key]


def _computed(room: Room, place: Place, microphones: int) -> Pcm:
    import pyroomacoustics as pra

    ears, source, size = _geometry(room, place, microphones)
    if room.kind == "room":
        absorption, order = pra.inverse_sabine(room.rt60_s, size)
        walls: object = pra.Material(absorption)
    else:
        order = 0 if room.kind == "anechoic" else 1
        hard = {"floor": 0.3}  # grass and paving, between 0.1 and 0.6
        sides = ("east", "west", "north", "south", "ceiling", "floor")
        walls = {name: pra.Material(hard.get(name, 1.0)) for name in sides}
    box = pra.ShoeBox(size, fs=RATE_HZ, materials=walls, max_order=min(order, ORDER_MOST))
    box.add_microphone_array(ears.T)
    box.add_source(source)
    box.compute_rir()
    responses = [np.asarray(r[0]) for r in box.rir]
    length = _length(responses[0])
    out = np.zeros((len(responses), length), np.float32)
    for row, response in zip(out, responses, strict=True):
        part = response[:length]
        row[: len(part)] = part
    if microphones == 2 and place.distance_m > 0:
        _shade(out[1], place)
    return out


def _shade(second: Pcm, place: Place) -> None:
    """Have the head shade direct sound from afar at the second microphone, beyond what it does at the first.

    A sphere's shadow, to first order (Brown & Duda 1998, IEEE Trans. Speech and Audio Processing 6(5)).
    """
    bearing = math.radians(place.bearing_deg)
    source = np.array([math.cos(bearing), -math.sin(bearing), 0.0])
    first = -np.array(HEAD_FROM_FIRST_M)
    bright = [_brightness(source, normal) for normal in (first, first + LAYOUT.second_m)]
    loud = np.flatnonzero(np.abs(second) >= np.max(np.abs(second)) / 2)
    end = int(loud[0]) + DIRECT
    size = 2 * end
    across = 1j * np.pi * np.fft.rfftfreq(size, 1 / RATE_HZ) * HEAD_M / SOUND_M_S
    shelf = (1 + bright[1] * across) / (1 + bright[0] * across)
    second[:end] = np.fft.irfft(np.fft.rfft(second[:end], size) * shelf, size)[:end]


def _brightness(source: NDArray[np.float64], normal: NDArray[np.float64]) -> float:
    """Of high tones at a place on the head: 2 where it faces the source, 0.1 at 150 degrees from there."""
    away = math.acos(float(source @ normal) / float(np.linalg.norm(normal)))
    return 1.05 + 0.95 * math.cos(math.radians(180) * away / math.radians(150))


def _length(response: NDArray[np.float64]) -> int:
    loud = np.nonzero(np.abs(response) > np.max(np.abs(response)) * 10 ** (TAIL_DB / 20))[0]
    return int(loud[-1]) + 64


def _geometry(
    room: Room, place: Place, microphones: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Microphones [n, 3], source [3] and the room's size [3], in metres.

    The wearer stands where the source fits in: a third from the wall for the own voice, otherwise so that both are in
    the room. The wearer looks along the line that leaves the source at its bearing.
    """
    size = np.array(room.size_m if room.kind == "room" else (60.0, 60.0, 30.0))
    ear_m = 1.5 if room.kind != "anechoic" else 15.0
    if place.distance_m == 0:
        ear = np.array([size[0] * 0.37, size[1] * 0.41, ear_m])
        ahead = 0.0
        source = ear + np.array(LAYOUT.mouth_m)
    else:
        ear, source, ahead = _seats(size, place, ear_m)
    return np.stack([ear, ear + _turned(LAYOUT.second_m, ahead)])[:microphones], source, size


def _turned(place_m: tuple[float, float, float], ahead: float) -> NDArray[np.float64]:
    """From ahead, left and up to the room's axes. ahead: where the wearer looks, in radians."""
    along, left, up = place_m
    cos, sin = math.cos(ahead), math.sin(ahead)
    return np.array([along * cos - left * sin, along * sin + left * cos, up])


def _seats(
    size: NDArray[np.float64], place: Place, ear_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The wearer's ear, the source, and where ahead is (radians), on the room's diagonal through its middle."""
    flat = size[:2] - 2 * WALL_M
    diagonal = math.atan2(flat[1], flat[0])
    rise = place.height_m - 1.5
    reach = math.sqrt(max(place.distance_m**2 - rise**2, 0.01))
    reach = min(reach, float(np.hypot(*flat)) * 0.98)
    along = np.array([math.cos(diagonal), math.sin(diagonal)])
    middle = size[:2] / 2 + np.array([0.06, -0.04])
    ear = np.array([*(middle - along * reach / 2), ear_m])
    source = np.array([*(middle + along * reach / 2), ear_m + rise])
    return ear, source, diagonal + math.radians(place.bearing_deg)
