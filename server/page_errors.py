"""Errors of pages: a page for people where the client asks for one, else problem+json."""

from flask import Flask, Response, render_template
from werkzeug.exceptions import HTTPException

from server.errors import http_problem, with_headers
from server.page_formats import prefers_page


def answer_error(error: HTTPException) -> Response:
    """Return an error in the form that the client reads."""
    if prefers_page():
        status, detail = error.code or 500, error.description or error.name
        page = render_template("error.html", status=status, title=error.name, detail=detail)
        response = with_headers(Response(page, status=status, mimetype="text/html"), error)
    else:
        response = http_problem(error)
    response.vary.add("Accept")
    return response


def register_errors(app: Flask) -> None:
    """Give the framework's errors (404, 405, 413 …) this form."""
    app.register_error_handler(HTTPException, answer_error)
