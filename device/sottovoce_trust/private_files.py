"""Files that only their owner may read, replaced whole or not at all, and overwritten before they go."""

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from sottovoce_trust.errors import PairingError


def private_folder(path: Path) -> Path:
    """The folder, made for its owner only where it is not there. Raises PairingError."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _failed(path, "made", error) from None
    return path


def keep(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Write the file with this mode: after a crash at any moment there is the old one or the new one.

    Raises PairingError, and leaves what was there, where the disk is full or may not be written, or where that is no
    file: a device that was replaced would be gone for everybody.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _refuse_special(path)
        descriptor = os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):  # where it was never made, its folder may be none
            fresh.unlink()
        raise _failed(path, "written", error) from None


def _refuse_special(path: Path) -> None:
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode):
            raise OSError(errno.EEXIST, "a device or a pipe is there")


def can_keep(folder: Path) -> None:
    """Find out whether files can be kept there, and make the folder. Raises PairingError where they cannot."""
    trial = private_folder(folder) / f".trial.{os.getpid()}"
    keep(trial, b"")
    trial.unlink(missing_ok=True)


def read(path: Path) -> bytes | None:
    """What is in the file; None where there is none. Raises PairingError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _failed(path, "read", error) from None


def is_there(folder: Path) -> bool:
    """Whether there is such a folder. Raises PairingError where that may not be known."""
    try:
        return stat.S_ISDIR(folder.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _failed(folder, "read", error) from None


def appear(folder: Path, files: dict[str, bytes]) -> None:
    """Make a folder that is there with all these files, or not at all. Raises PairingError."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    private_folder(fresh)
    try:
        for name, data in files.items():
            keep(fresh / name, data)
        fresh.rename(folder)
        sync_folder(folder.parent)
    except (OSError, PairingError) as error:
        destroy(fresh)
        if isinstance(error, PairingError):
            raise
        raise _failed(folder, "made", error) from None


def destroy(folder: Path) -> bool:
    """Take the folder out of sight at once, then overwrite and remove its files; whether there was one.

    On flash the controller may keep old blocks: out of reach for programs, not for a laboratory.
    """
    gone = folder.with_name(f".{folder.name.lstrip('.')}.gone")
    _shred(gone)  # of an earlier time that was interrupted
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _failed(folder, "removed", error) from None
    sync_folder(folder.parent)
    _shred(gone)
    return True


def _shred(folder: Path) -> None:
    if not is_there(folder):
        return
    try:
        for path in folder.iterdir():
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        folder.rmdir()
    except OSError as error:
        raise _failed(folder, "overwritten", error) from None


def sync_folder(folder: Path) -> None:
    """Have the folder's own entries on the disk; all disks' where it may be written, but not read."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except PermissionError:
        os.sync()
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(path: Path, what: str, error: OSError) -> PairingError:
    cure = "see who may enter its folder and read it" if what == "read" else "free the disk, or choose another folder"
    return PairingError(f"{path}: cannot be {what} ({error.strerror}); {cure}")
