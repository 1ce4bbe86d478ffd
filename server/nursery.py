"""The nursery: a small process of one thread that forks reader processes off itself.

The web process has threads and must not fork. A nursery may have read a small generation into memory: its readers share
those pages, so a reader costs a fork (milliseconds) and not a load. It ends, with its readers, when the web process does.

It is told one thing at a time: `fork FOLDER` (with the reader's end of a socket pair; FOLDER is a generation),
`end PID` (one that has ended, or is about to) or `kill PID`; it answers with the process id, or with the signal that ended the
reader. A process that is killed is not waited for: one that holds a gigabyte takes its time, and nothing is to wait for that.
"""

import ctypes
import os
import signal
import socket
import sys
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from server.reading import serve_queries

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of unshare(2)
_NICE = 5
_WAITED_EVERY = 0.1  # seconds


def main() -> None:
    """Run `python -m server.nursery FD MEMORY_BYTES [GENERATION]`: a generation that is named is read into memory."""
    control_fd, memory, loaded = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    os.nice(_NICE)  # so that the event loop, which all answers pass through, goes first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the web process, and its end ends this one
    with socket.socket(fileno=control_fd) as control:
        store = _in_memory(Path(loaded[0])) if loaded else None
        _leave_the_network()
        control.sendall(b"0\n")
        _Nursery(control, store, memory).run()


class _Nursery:
    def __init__(self, control: socket.socket, store: Store | None, memory: int) -> None:
        self._control, self._store, self._memory = control, store, memory
        self._alive: set[int] = set()
        self._dying: set[int] = set()

    def run(self) -> None:
        """Do what is asked until the web process is gone; then end all readers."""
        while True:
            self._control.settimeout(_WAITED_EVERY if self._dying else None)
            try:
                message, fds, _, _ = socket.recv_fds(self._control, 8_192, 1)
            except TimeoutError:
                self._wait_for_the_dying()
                continue
            if not message:
                break
            word, _, named = os.fsdecode(message).rstrip("\n").partition(" ")
            if word == "fork":
                answer = self._fork(fds[0], named)
            elif word == "kill":
                answer = self._kill(int(named))
            else:
                answer = self._end(int(named))
            self._wait_for_the_dying()
            self._control.sendall(f"{answer}\n".encode("ascii"))
        for child in self._alive:
            os.kill(child, signal.SIGKILL)

    def _fork(self, fd: int, folder: str) -> int:
        pid = os.fork()
        if pid:
            os.close(fd)
            self._alive.add(pid)
            return pid
        self._control.close()
        _die_with_parent()
        code = 1
        try:
            # Left open: were it closed before the process ends, the front might end it and take that for the reason.
            connection = socket.socket(fileno=fd)
            serve_queries(self._store or Store.read_only(folder), connection, self._memory)
            code = 0
        finally:
            os._exit(code)  # without the nursery's own clean-up

    def _kill(self, pid: int) -> int:
        if pid in self._alive:
            self._alive.discard(pid)
            self._dying.add(pid)
            os.kill(pid, signal.SIGKILL)
        return signal.SIGKILL

    def _end(self, pid: int) -> int:
        """End a reader, if it has not ended, and return the signal that ended it (0: none).

        Only this process waits for its readers, so the id cannot have gone to another process.
        """
        if pid not in self._alive:
            return 0
        self._alive.discard(pid)
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def _wait_for_the_dying(self) -> None:
        self._dying -= {pid for pid in self._dying if os.waitpid(pid, os.WNOHANG)[0]}


def _in_memory(folder: Path) -> Store:
    """Read a generation through a pipe from a process of its own: RocksDB's threads must not be where forks are made."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(read_end)
        code = 1
        try:
            with os.fdopen(write_end, "wb") as output:
                Store.read_only(str(folder)).dump(output, format=RdfFormat.N_QUADS)
            code = 0
        finally:
            os._exit(code)
    os.close(write_end)
    store = Store()
    with os.fdopen(read_end, "rb") as quads:
        store.bulk_load(quads, format=RdfFormat.N_QUADS)
    if os.waitpid(pid, 0)[1]:
        sys.exit(f"generation {folder.name} could not be read")
    return store


def _leave_the_network() -> None:
    """Go where there is no network, where the system lets us: nothing that a query says can then reach out."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "unshare") and libc.unshare(_NEW_NETWORK):  # which takes rights that a new user namespace gives
        libc.unshare(_NEW_USER | _NEW_NETWORK)


def _die_with_parent() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    main()
