"""Landlock (Linux 5.13): the reader process opens no file but those it is made of and those in its own folder.

Names, sizes and dates of other files can still be asked for; nothing of what is in them. See `landlock(7)`.
"""

import ctypes
import os
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path

# The numbers are the same on every architecture since Linux 5.1; the bits are those of include/uapi/linux/landlock.h.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 14
_READ = _READ_FILE | _READ_DIR
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP, _TCP_SINCE = 0b11, 4
_SIGNALS_AND_SOCKETS_OF_OTHERS, _SCOPES_SINCE = 0b11, 6
_O_PATH = getattr(os, "O_PATH", 0)

_PROJECT = Path(__file__).resolve().parents[2]
# Libraries of the system, wherever distributions keep them, and what libraries look up about the machine.
_SYSTEM = ("/usr", "/lib", "/lib64", "/nix/store", "/gnu/store", "/sys/devices/system", "/sys/fs/cgroup")
_SINGLE_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/proc/cpuinfo", "/proc/meminfo", "/dev/urandom", "/dev/zero")


def lock_files(*, libc: ctypes.CDLL, folder: str) -> bool:
    """Leaves this process `folder` to write to and its own installation to read; False where the kernel has no
    Landlock. Wants `no_new_privs` set, and no second thread yet."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    if version < 1:
        return False
    rights = (1 << _RIGHTS_BY_VERSION.get(version, 16)) - 1
    attributes = struct.pack(
        "QQQ",
        rights,
        _TCP if version >= _TCP_SINCE else 0,
        _SIGNALS_AND_SOCKETS_OF_OTHERS if version >= _SCOPES_SINCE else 0,
    )
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if ruleset < 0:
        return False
    try:
        for path, access in _allowed(folder):
            # A path that is not there, or no longer ours to see, is none that the reader needs.
            with suppress(OSError):
                _allow(libc, ruleset, path, access & rights)
        return bool(libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0)
    finally:
        os.close(ruleset)


def _allowed(folder: str) -> list[tuple[str, int]]:
    """Paths and what may be done beneath them. Of the project only its packages: a database, uploads and secrets may
    lie beside them. The list of names in the project's folder is what finding a package needs."""
    installation = {sys.prefix, sys.base_prefix, sys.exec_prefix, *_library_path()}
    installation |= {entry for entry in sys.path if entry and Path(entry) != _PROJECT}
    packages = {str(path.parent) for path in _PROJECT.glob("*/__init__.py")}
    return [
        (folder, ~0),
        (str(_PROJECT), _READ_DIR),
        ("/dev/null", _READ_FILE | _WRITE_FILE | _TRUNCATE),
        *((path, _READ) for path in (*_SYSTEM, *_SINGLE_FILES, *sorted(installation | packages))),
    ]


def _library_path() -> list[str]:
    return [entry for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry]


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    descriptor = os.open(path, _O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= ~_READ_DIR
        rule = struct.pack("=Qi", access, descriptor)
        libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint(0))
    finally:
        os.close(descriptor)
