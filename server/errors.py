"""Every error leaves as `application/problem+json` (RFC 9457): status, title and what to do."""

import json

from flask import Response
from werkzeug.exceptions import HTTPException


def problem(status: int, title: str, detail: str) -> Response:
    """Return an error response that a program can read."""
    body = {"status": status, "title": title, "detail": detail}
    return Response(json.dumps(body) + "\n", status=status, mimetype="application/problem+json")


def http_problem(error: HTTPException) -> Response:
    """Give an error of the framework (404, 405, 413 …) the same form."""
    response = problem(error.code or 500, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response
