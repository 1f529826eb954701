"""`make prove`: holds all trials and prints one page. Exit code 0 only if every promise on it held."""

import shutil
import sys
import time

from tests.prove.page import Page
from tests.prove.trace import CURE
from tests.prove.trials import ALL, hold

from sottovoce_host.demo.scene import asked
from sottovoce_host.voice.hibari import Synthesiser


def main() -> int:
    """The exit code: 0 held, 1 not held, 2 cannot be tried here."""
    if shutil.which("strace") is None:
        sys.stderr.write(f"prove: {CURE}\n")
        return 2
    began = time.monotonic()
    sys.stderr.write(f"prove: {len(ALL)} trials with real processes, about a minute and a half …\n")
    page = Page(hold(ALL, asked("What is seventeen times three?", Synthesiser())))
    print("\n".join(page.lines()))
    print(f"{time.monotonic() - began:.0f} s")
    return int(page.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
