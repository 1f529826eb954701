"""What the C library keeps of memory that models no longer need."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Of mallopt(3)."""


def keep_little() -> None:
    """Have glibc's allocator give back what models needed while they were loaded, or for one run; others keep little.

    Left alone it moves the size from which memory is the system's again up to the largest that was ever freed, and each
    thread keeps heaps of its own: a hundred MB after some minutes of speech.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.mallopt(_MMAP_THRESHOLD, 1 << 20)
        libc.mallopt(_TRIM_THRESHOLD, 4 << 20)
        libc.malloc_trim(0)
