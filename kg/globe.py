"""Distances on the globe."""

import math

_DIAMETER = 12742
"""Of the Earth, in kilometres."""


def kilometres(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Return the distance of two points given in degrees (haversine)."""
    degree = math.pi / 180
    north = math.sin((other_lat - lat) * degree / 2) ** 2
    east = math.cos(lat * degree) * math.cos(other_lat * degree) * math.sin((other_long - long) * degree / 2) ** 2
    return _DIAMETER * math.asin(min(1.0, math.sqrt(north + east)))
