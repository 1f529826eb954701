import json

import pytest

from sottovoce_wire import ExpectEcho, WireError, decode_command, encode
from sottovoce_wire.echo import FRAMES

BANDS = ("low", "middle", "high", "top")
GOOD = ExpectEcho(starts_ms=5, low=(1, 2), middle=(3, 4), high=(5, 6), top=(7, 96))


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("levels", [[0] * (FRAMES + 1), [97], [-1], [0.5], ["1"], [[1]], 7, None])
def test_a_foretold_reply_that_is_too_long_or_too_loud_is_refused_by_the_name_of_its_band(
    band: str, levels: object
) -> None:
    plain = {**json.loads(encode(GOOD)), band: levels}
    with pytest.raises(WireError, match=rf"\$\.{band}"):
        decode_command(json.dumps(plain, separators=(",", ":")).encode())


def test_two_seconds_of_the_loudest_sound_can_be_foretold() -> None:
    most = (96,) * FRAMES
    loudest = ExpectEcho(starts_ms=2**48 - 1, low=most, middle=most, high=most, top=most)
    assert decode_command(encode(loudest)) == loudest
