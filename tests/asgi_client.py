"""A test client for the endpoint: werkzeug's, over the ASGI application."""

from a2wsgi import ASGIMiddleware
from werkzeug.test import Client

from server.app import Endpoint


def client_of(endpoint: Endpoint) -> Client:
    """Return a client that sends requests to the endpoint, without a server."""
    return Client(ASGIMiddleware(endpoint))
