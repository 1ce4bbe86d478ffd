"""The web process' side of the nursery (server/nursery.py): starts it, has readers forked and ended."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from threading import Lock


class NurseryGone(OSError):
    """The nursery has ended, or could not be started."""


class Nursery:
    """A nursery process; `loaded` is the generation it holds in memory, None where its readers open theirs from disk."""

    def __init__(self, memory: int, loaded: Path | None = None) -> None:
        """Start the process and wait until it is ready; `memory` in bytes is what one query may take."""
        self.loaded = loaded
        self._lock = Lock()
        self._readers, self._retired = 0, False
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "server.nursery", str(theirs.fileno()), str(memory), *([str(loaded)] if loaded else [])],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._answer()

    def fork(self, folder: Path) -> tuple[int, socket.socket]:
        """Return a new reader's process id and our end of its connection; `folder` is the generation that it reads."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                socket.send_fds(self._control, [b"fork " + os.fsencode(folder)], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise NurseryGone("the nursery of readers has ended") from error
            self._readers += 1
            return self._answer(), ours

    def end(self, pid: int, *, is_lost: bool) -> int:
        """End a reader; return the signal that ended it, 0 where none did.

        One that is lost has closed its connection: it is waited for, so that the signal is known.
        """
        with self._lock:
            answer = self._ask(f"{'end' if is_lost else 'kill'} {pid}")
            self._readers -= 1
            self._close_if_done()
        return answer

    def retire(self) -> None:
        """End the process once its last reader has been ended."""
        with self._lock:
            self._retired = True
            self._close_if_done()

    def close(self) -> None:
        """End the nursery and every reader it has forked."""
        self._control.close()
        self._process.wait()

    def _close_if_done(self) -> None:
        if self._retired and self._readers == 0:
            self.close()

    def _ask(self, message: str) -> int:
        try:
            self._control.sendall(message.encode("ascii"))
            return self._answer()
        except OSError:
            return 0  # closed: its readers have ended with it

    def _answer(self) -> int:
        try:
            answer = self._control.recv(64)
        except OSError as error:
            raise NurseryGone("the nursery of readers has ended") from error
        if not answer:
            raise NurseryGone("the nursery of readers has ended")
        return int(answer)
