"""The HTTP endpoint over a store's published graph; server.app puts it together.

This file imports nothing: reader processes import the package too, and are to stay small.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.app import Endpoint, Setup
    from server.limits import Limits


def create_app(store_path: Path, limits: "Limits | None" = None, setup: "Setup | None" = None) -> "Endpoint":
    """Return the ASGI application for a store folder; see server.app.Endpoint."""
    from server.app import Endpoint, Setup
    from server.limits import Limits

    return Endpoint(store_path, limits or Limits(), setup or Setup())
