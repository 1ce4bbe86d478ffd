"""Opens a store folder for reading, as every command that reads does."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.generations import Generation


def open_published(path: Path) -> "Generation":
    """Open the newest generation; publish first what an interrupted run left unpublished."""
    from kg.generations import open_current
    from kg.publish import publish
    from kg.store import Store, StoreBusy, is_stale, read_settings
    from kg.validate import Gate

    if is_stale(path):
        # Where a build is running, the last whole generation is what there is to read.
        settings = read_settings(path)
        with suppress(StoreBusy):
            publish(Store(path, **settings), Gate(base=settings["base"]))
    return open_current(path)
