"""An eye as a small infrared camera on the glasses sees it, rendered with a known gaze.

An eyeball turns about its centre; pupil and iris are discs that face along its optical axis; a lamp mirrors in the
cornea; lids and lashes cover it. What it leaves out: refraction inside the cornea (the pupil is the entrance pupil),
a real iris' texture, and a real face around it. So it can tell how a detector bears noise, cover and movement; it
cannot replace a recording of eyes.
"""

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from sottovoce_device.capture.eyelids import draw_lashes, lid_cover

SIZE: Final = 192
"""Pixels a side: what small eye cameras give."""
FOCAL_PX: Final = 190.0
"""With the camera 40 mm away an iris is some 75 pixels wide, as in the pictures of head-worn trackers."""
DISTANCE_MM: Final = 40.0
BELOW_DEG, ASIDE_DEG = 22.0, 12.0
"""Where the camera sits, seen from the eye: below the line of sight and to the temple."""
EYEBALL_MM: Final = 12.0
"""Radius of the eyeball; with the pupil's 10.5 and the cornea below from the schematic eye of Le Grand and El Hage."""
PUPIL_PLANE_MM: Final = 10.5
IRIS_MM: Final = 6.0
CORNEA_MM: Final = 7.8
CORNEA_CENTRE_MM: Final = 5.7
KAPPA_DEG: Final = (4.0, 1.5)
"""The optical axis is not the line of sight: it points outward and down by about this (Guestrin and Eizenman 2006)."""
LAMP_MM: Final = np.array([9.0, -4.0, 0.0])
"""The infrared lamp, from the camera, in the camera's axes."""
_SKIN, _SCLERA, _IRIS, _PUPIL, _GLINT = 150.0, 168.0, 104.0, 30.0, 400.0

Floats = NDArray[np.float64]


class EyeState(Struct, frozen=True):
    """How an eye is at a moment.

    yaw_deg, pitch_deg: the line of sight from straight ahead; positive is right and down.
    pupil_mm: radius of the pupil, 1 to 4. opening: 1 is open, 0 is shut.
    slip_mm: by how much the glasses have moved on the head, right, down and away; the same for all that follows.
    """

    yaw_deg: float
    pitch_deg: float
    pupil_mm: float = 2.0
    opening: float = 1.0
    slip_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Disturbance(Struct, frozen=True):
    """What spoils the picture.

    noise: standard deviation of each pixel, in steps of 256. blur_px: standard deviation of the blur.
    lamp: whether there is an infrared lamp, that is, a glint. reflections: bright spots of other origin.
    lashes: 0 is none, 1 is many that hang over the eye. haze: 0 to 1, the part of the contrast that stray light takes.
    shade: 0 to 1, how unevenly the eye is lit.
    """

    noise: float = 2.0
    blur_px: float = 0.7
    lamp: bool = True
    reflections: int = 0
    lashes: float = 0.3
    haze: float = 0.0
    shade: float = 0.15


class EyeRenderer:
    """Renders eyes; holds the rays of its camera."""

    def __init__(self) -> None:
        self._axes = _camera_axes()
        middle = (SIZE - 1) / 2
        v, u = np.mgrid[0:SIZE, 0:SIZE]
        rays = np.stack([(u - middle) / FOCAL_PX, (v - middle) / FOCAL_PX, np.ones((SIZE, SIZE))], axis=-1)
        self._rays: Floats = rays / np.linalg.norm(rays, axis=-1, keepdims=True)

    def render(self, state: EyeState, disturbance: Disturbance, random: np.random.Generator) -> NDArray[np.uint8]:
        """The picture, [192, 192] of 0 to 255."""
        centre = self._centre(state)
        axis = self._axes @ _direction(state.yaw_deg + KAPPA_DEG[0], state.pitch_deg + KAPPA_DEG[1])
        picture = self._eyeball(centre, axis, state.pupil_mm)
        self._reflect(picture, centre, axis, disturbance, random)
        self._cover(picture, centre, state, disturbance, random)
        return _expose(picture, disturbance, random)

    def pupil_centre(self, state: EyeState) -> tuple[float, float]:
        """Where the middle of the pupil's disc is in the picture, x and y in pixels."""
        axis = self._axes @ _direction(state.yaw_deg + KAPPA_DEG[0], state.pitch_deg + KAPPA_DEG[1])
        return _project(self._centre(state) + PUPIL_PLANE_MM * axis)

    def _centre(self, state: EyeState) -> Floats:
        """The middle of the eyeball in the camera's axes; glasses that slip take the camera with them."""
        at: Floats = np.array([0.0, 0.0, DISTANCE_MM]) - self._axes @ np.array(state.slip_mm)
        return at

    def _eyeball(self, centre: Floats, axis: Floats, pupil_mm: float) -> Floats:
        picture = np.full((SIZE, SIZE), _SKIN)
        _, on_ball = _on_sphere(self._rays, centre, EYEBALL_MM)
        picture[on_ball] = _SCLERA
        # where each ray meets the plane of the iris, and how far from the axis that is
        plane = centre + PUPIL_PLANE_MM * axis
        reach = (plane @ axis) / (self._rays @ axis)
        beside = self._rays * reach[..., None] - plane
        radius = np.linalg.norm(beside, axis=-1)
        pixel_mm = DISTANCE_MM / FOCAL_PX
        iris = np.clip((IRIS_MM - radius) / (3 * pixel_mm) + 0.5, 0, 1) * on_ball
        picture += iris * (_IRIS + 8 * np.sin(radius * 4) - picture)
        pupil = np.clip((pupil_mm - radius) / pixel_mm + 0.5, 0, 1)
        picture += pupil * (_PUPIL - picture)
        return picture

    def _reflect(
        self, picture: Floats, centre: Floats, axis: Floats, disturbance: Disturbance, random: np.random.Generator
    ) -> None:
        if disturbance.lamp:
            cornea = centre + CORNEA_CENTRE_MM * axis
            normal = _mirror_normal(cornea, LAMP_MM)
            if normal @ axis > np.cos(np.radians(45)):  # beyond that it is no cornea
                _spot(picture, _project(cornea + CORNEA_MM * normal), 1.4)
        for _ in range(disturbance.reflections):
            at = random.uniform(0.2 * SIZE, 0.8 * SIZE, 2)
            _spot(picture, (at[0], at[1]), random.uniform(1.0, 3.5))

    def _cover(
        self, picture: Floats, centre: Floats, state: EyeState, disturbance: Disturbance, random: np.random.Generator
    ) -> None:
        found, on_ball = _on_sphere(self._rays, centre, EYEBALL_MM + 0.5)
        on_head = (found - centre) @ self._axes
        cover = lid_cover(on_head, state.opening, state.pitch_deg) * on_ball
        picture += cover * (_SKIN - 2 * np.abs(on_head[..., 1]) - picture)
        if disturbance.lashes > 0:
            to_picture = lambda points: np.stack(_project_all(points @ self._axes.T + centre), axis=-1)  # noqa: E731
            draw_lashes(picture, to_picture, state.opening, state.pitch_deg, disturbance.lashes, random)


def _camera_axes() -> Floats:
    """The camera's axes (right, down, forward) as rows, in the head's (right, down, ahead)."""
    forward = -_direction(ASIDE_DEG, BELOW_DEG)
    right = np.cross(np.array([0.0, 1.0, 0.0]), forward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def _direction(yaw_deg: float, pitch_deg: float) -> Floats:
    """A unit vector in the head's axes: right, down, ahead."""
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    return np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])


def _on_sphere(rays: Floats, centre: Floats, radius_mm: float) -> tuple[Floats, NDArray[np.bool_]]:
    """Where rays from the camera meet a sphere first, [h, w, 3], and whether they do."""
    along = rays @ centre
    inside = along**2 - centre @ centre + radius_mm**2
    reach = along - np.sqrt(np.maximum(inside, 0))
    return rays * reach[..., None], inside > 0


def _mirror_normal(cornea: Floats, lamp: Floats) -> Floats:
    """The direction from the cornea's centre in which it mirrors the lamp into the camera (at the origin)."""
    at = cornea
    for _ in range(4):
        to_camera, to_lamp = -at / np.linalg.norm(at), (lamp - at) / np.linalg.norm(lamp - at)
        normal = (to_camera + to_lamp) / np.linalg.norm(to_camera + to_lamp)
        at = cornea + CORNEA_MM * normal
    return np.asarray(normal)


def _project_all(points: Floats) -> tuple[Floats, Floats]:
    middle = (SIZE - 1) / 2
    return FOCAL_PX * points[..., 0] / points[..., 2] + middle, FOCAL_PX * points[..., 1] / points[..., 2] + middle


def _project(point: Floats) -> tuple[float, float]:
    x, y = _project_all(point)
    return float(x), float(y)


def _spot(picture: Floats, at: tuple[float, float], sigma_px: float) -> None:
    """A bright spot; brighter than white in its middle, so that it saturates as a mirrored lamp does."""
    x, y = at
    v, u = np.ogrid[0:SIZE, 0:SIZE]
    light = np.exp(-((u - x) ** 2 + (v - y) ** 2) / (2 * sigma_px**2))
    picture += light * (_GLINT - picture)


def _expose(picture: Floats, disturbance: Disturbance, random: np.random.Generator) -> NDArray[np.uint8]:
    """Uneven light, stray light, blur and noise."""
    tilt = random.uniform(-1, 1, 2) * disturbance.shade
    v, u = np.ogrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    lit: Floats = np.minimum(picture, 255) * (1 + tilt[0] * u + tilt[1] * v)
    lit = lit * (1 - disturbance.haze) + 140 * disturbance.haze
    if disturbance.blur_px > 0:
        reach = int(np.ceil(3 * disturbance.blur_px))
        kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2 * disturbance.blur_px**2))
        kernel /= kernel.sum()
        for axis in (0, 1):
            padded = np.pad(lit, [(reach, reach) if a == axis else (0, 0) for a in (0, 1)], mode="edge")
            lit = np.asarray(sum(k * np.take(padded, range(i, i + SIZE), axis=axis) for i, k in enumerate(kernel)))
    noisy = lit + random.normal(0, disturbance.noise, lit.shape) if disturbance.noise > 0 else lit
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
