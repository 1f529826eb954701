import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.prove.trace import TraceError, spoken, traced

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace: apt install strace")
SPEAKS = """
import os, socket, threading
a, b = socket.socketpair()
a.send(b"by a socket"); a.sendmsg([b"in ", b"pieces"]); os.write(1, b"to the log")
os.symlink("in a name", "link")
def later():
    with open("file", "wb") as file: file.write(b"from a thread" * 1000)
thread = threading.Thread(target=later); thread.start(); thread.join()
if os.fork() == 0: os.write(a.fileno(), b"from a child"); os._exit(0)
os.wait()
"""
MAPS = "import mmap; f = open('f', 'w+b'); f.truncate(4096); mmap.mmap(f.fileno(), 4096)"


def said(tmp_path: Path, program: str) -> bytes:
    trace = tmp_path / "trace"
    subprocess.run(traced([sys.executable, "-c", program], trace), check=True, cwd=tmp_path, stdout=subprocess.DEVNULL)
    return b"|".join(spoken(trace).values())


@needs_strace
def test_the_trace_shows_all_bytes_of_all_ways_to_write_of_all_threads_and_children(tmp_path: Path) -> None:
    found = said(tmp_path, SPEAKS)
    for words in (b"by a socket", b"in pieces", b"to the log", b"in a name", b"from a thread" * 1000, b"from a child"):
        assert words in found, words


@needs_strace
def test_a_file_that_is_written_through_memory_is_no_proof(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="mapped to be written"):
        said(tmp_path, MAPS)
