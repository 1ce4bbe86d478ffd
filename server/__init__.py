"""The HTTP endpoint over a store's published graph; server.app puts it together.

This file imports nothing: reader processes import the package too, and are to stay small.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.app import Setup
    from server.limits import Limits


def create_app(store_path: Path, limits: "Limits | None" = None, setup: "Setup | None" = None) -> "Flask":
    """Return the application for a store folder; see server.app.make_app, and server.app.close for its end."""
    from server.app import Setup, make_app
    from server.limits import Limits

    return make_app(store_path, limits or Limits(), setup or Setup())
