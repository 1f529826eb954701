"""Shows the code to whoever has the glasses: on the console, as text and as a QR. The only file that knows `segno`."""

import io
import sys
from urllib.parse import urlencode

import segno


def pairing_link(name: str, code: str, address: str, port: int) -> str:
    """What the QR says: everything that `sottovoce-host pair` wants to know."""
    return f"sottovoce:pair?{urlencode({'name': name, 'at': f'{address}:{port}', 'code': code})}"


def show_code(name: str, code: str, address: str, port: int, *, announced: bool) -> None:
    """Print the code. To stderr, like everything that the gate says; whoever reads its log may pair.

    announced: whether a host in the same network finds these glasses without their address.
    """
    without = "   (or without the address, in the same network)" if announced else ""
    lines = [
        f"gate: {name} is not paired. On the host run:",
        f"gate:   sottovoce-host pair {address}:{port}{without}",
        f"gate: the code is {code[:3]} {code[3:]}",
    ]
    picture = io.StringIO()
    segno.make(pairing_link(name, code, address, port), error="l", micro=False).terminal(
        picture, compact=True, border=2
    )
    sys.stderr.write("\n".join(lines) + "\n" + picture.getvalue())
    sys.stderr.flush()
