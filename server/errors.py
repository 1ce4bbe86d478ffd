"""Errors for programs: `application/problem+json` (RFC 9457) with status, title and what to do. Those for people: server.page_errors."""

import json

from flask import Response
from werkzeug.exceptions import HTTPException


def problem(status: int, title: str, detail: str) -> Response:
    """Return an error response that a program can read."""
    body = {"status": status, "title": title, "detail": detail}
    return Response(json.dumps(body) + "\n", status=status, mimetype="application/problem+json")


def http_problem(error: HTTPException) -> Response:
    """Give an error of the framework (404, 405, 413 …) the same form."""
    return with_headers(problem(error.code or 500, error.name, error.description or error.name), error)


def with_headers(response: Response, error: HTTPException) -> Response:
    """Return an error response with what else the error has to say: Allow, Retry-After, WWW-Authenticate."""
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response
