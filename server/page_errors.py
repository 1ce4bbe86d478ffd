"""Errors of pages: a page for people where the client asks for one, else problem+json."""

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from server.errors import problem
from server.page_formats import prefers_page


def answer_error(error: HTTPException) -> Response:
    """Return an error in the form that the client reads."""
    status, detail = error.code or 500, error.description or error.name
    if prefers_page():
        page = render_template("error.html", status=status, title=error.name, detail=detail)
        response = Response(page, status=status, mimetype="text/html")
    else:
        response = problem(status, error.name, detail)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    response.vary.add("Accept")
    return response


def register_errors(app: Flask) -> None:
    """Give the framework's errors (404, 405, 413 …) this form."""
    app.register_error_handler(HTTPException, answer_error)
