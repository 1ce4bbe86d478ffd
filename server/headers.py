"""Headers of every answer: what browsers may do with it, and that pages of other origins may read it."""

from flask import Flask, Response, request

# `unsafe-inline` for styles alone: the query editor sets them from its script.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", _POLICY),
    # Any page may read: there are no cookies. Writing takes a token, which no browser sends by itself.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Location, Retry-After"),
]
OPTIONS = [
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST, QUERY"),
    ("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
]


def register_headers(app: Flask) -> None:
    """Give every response its headers; an OPTIONS request learns what may be sent from another origin."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name, _ in headers}
        wanted = ALWAYS + OPTIONS if request.method == "OPTIONS" else ALWAYS
        headers.extend([(name, value) for name, value in wanted if name.lower() not in present])
        return response
