"""What the reader process takes away from itself before it opens a document. Linux; elsewhere only the limits hold.

Parsers of hostile files are taken to be already in an attacker's hands. The process then has: no network (a system
call filter refuses sockets; where that cannot be installed, an empty network namespace is tried), no other programs and
processes, no new privileges, no files but its own (where the kernel has Landlock), bounded processor time, memory and
files, and its parent's death as its own. docs/sandbox.md tells what holds where.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from contextlib import suppress

from ocr.reading.landlock import lock_files
from ocr.reading.limits import MEBIBYTE, ReadingLimits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_SECCOMP_MODE_FILTER = 2
_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000

# Numbers of include/uapi/asm-generic/unistd.h and arch/x86/entry/syscalls/syscall_64.tbl: socket, connect, bind,
# listen, accept, accept4, execve, execveat, ptrace, process_vm_readv, process_vm_writev, io_uring_setup (which can
# open sockets without the call), kexec_load, bpf, userfaultfd, keyctl;
# and on x86_64 fork and vfork, which are clone elsewhere.
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    "x86_64": (41, 42, 49, 50, 43, 288, 59, 322, 101, 310, 311, 425, 246, 321, 323, 250, 57, 58),
    "aarch64": (198, 203, 200, 201, 202, 242, 221, 281, 117, 270, 271, 425, 104, 280, 282, 219),
}
# A clone that makes a thread is let through. What clone3 makes stands in memory, where a filter cannot look; told that
# there is no such call, the C library uses clone.
_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
_CLONE_THREAD = 0x10000
# Address space is no measure of memory: PyTorch maps gigabytes of libraries that it never touches. What counts is
# writable private memory (RLIMIT_DATA since Linux 4.7); the wider bound is for systems where that counts less.
_LIBRARIES_BYTES = 16 * 1024 * MEBIBYTE
_X32_SYSCALL_BIT = 0x40000000
_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO_EPERM, _ERRNO_ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def confine(*, limits: ReadingLimits, parent: int, folder: str) -> tuple[str, ...]:
    """Applies everything that can be applied to this process, for good; comes back with the names of what holds.

    `folder` is the one place that stays open for writing. To be called before there is a second thread.

    Ends the process when `parent` has died in the meantime.
    """
    holds = ["limits"]
    _limit_resources(limits)
    if platform.system() != "Linux":
        return tuple(holds)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0:
        holds.append("dies_with_parent")
    if os.getppid() != parent:
        os._exit(1)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        holds.append("no_new_privileges")
        if lock_files(libc=libc, folder=folder):
            holds.append("no_foreign_files")
    if _filter_system_calls(libc):
        holds += ["no_network", "no_processes"]
    elif _enter_empty_network(libc):
        holds.append("no_network")
    return tuple(holds)


def allow_processor_seconds(seconds: int) -> None:
    """Lets this process use that many more seconds of processor time; SIGXCPU ends it after that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _limit_resources(limits: ReadingLimits) -> None:
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_AS, limits.memory_bytes + _LIBRARIES_BYTES),
        (resource.RLIMIT_FSIZE, limits.max_file_bytes),
        (resource.RLIMIT_NOFILE, limits.max_open_files),
    ):
        _, hard = resource.getrlimit(kind)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # macOS refuses some of them.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (bound, bound))


def _filter_system_calls(libc: ctypes.CDLL) -> bool:
    """A seccomp filter (Linux 3.5; works unprivileged and within containers). False where it cannot be had."""
    machine = platform.machine()
    if machine not in _REFUSED:
        return False
    refused = _REFUSED[machine]
    program = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_JUMP_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERRNO_ENOSYS),
        (_JUMP_EQUAL, 0, 2, _CLONE[machine]),
        (_LOAD, 0, 0, 16),  # the low half of seccomp_data.args[0]: the flags
        (_JUMP_SET, len(refused) + 1, len(refused) + 2, _CLONE_THREAD),
        (_JUMP_GREATER_EQUAL, len(refused) + 1, 0, _X32_SYSCALL_BIT),
        *((_JUMP_EQUAL, len(refused) - index, 0, number) for index, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO_EPERM),
    ]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_program = _FilterProgram(len(program), ctypes.cast(buffer, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0) == 0)


def _enter_empty_network(libc: ctypes.CDLL) -> bool:
    """A network namespace with nothing in it; needs privilege or user namespaces, and is done without otherwise."""
    return bool(libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
