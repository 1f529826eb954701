import subprocess
import sys

from tests.prove.memory import changed, pages

HOLDS = """
import sys
old = bytearray(b"held before " * 100_000)
print(flush=True); sys.stdin.readline()
new = bytearray(b"held afterwards " * 1000)
print(flush=True); sys.stdin.readline()
"""


def test_what_a_process_has_come_to_hold_is_read_and_what_it_held_before_is_left_out() -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        before = pages(process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        size, found = changed(process.pid, before)
        everything = b"".join(changed(process.pid, {})[1].values())
        process.stdin.close()
    new = b"".join(found.values())
    assert b"held afterwards " * 200 in new
    assert b"held before " * 10_000 in everything
    assert b"held before " * 10_000 not in new
    assert size > len(everything) > len(new)
