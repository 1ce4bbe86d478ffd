"""The address by which clients know a server that stands behind a proxy.

The server takes no notice of Forwarded and X-Forwarded-*, which any client can send. Who runs it says the address once,
and every address that the server names (the service description, Location, the reconciliation manifest) begins with it.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def at_address(application: "WSGIApplication", public_url: str) -> "WSGIApplication":
    """Return an application that takes every request for one sent to `public_url`: scheme, host, and port, without a path.

    ValueError says what is wrong with the address.
    """
    parts = urlsplit(public_url)
    is_plain = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    if parts.scheme not in ("http", "https") or not host_is_trusted(parts.netloc) or not is_plain:
        raise ValueError(f"public address {public_url!r} is not a scheme and a host; write it like https://kg.example.org")

    def addressed(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return application({**environ, "wsgi.url_scheme": parts.scheme, "HTTP_HOST": parts.netloc}, start_response)

    return addressed
