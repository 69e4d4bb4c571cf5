"""An SDK's client that is made when first needed: importing an SDK takes seconds, and many processes never ask."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """Anything that holds connections."""

    def close(self) -> None:
        """Give back connections."""
        ...


Client = TypeVar("Client", bound=Closable)


class LazyClient(Generic[Client]):
    """Holds a client from its first use to `close`. Several threads may ask for it at once.

    Args:
        connect: Makes the client, with its own retries off.
    """

    def __init__(self, connect: Callable[[], Client]) -> None:
        self._connect = connect
        self._client: Client | None = None
        self._lock = Lock()

    def get(self) -> Client:
        """The client, made now if it was not before."""
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def close(self) -> None:
        """Give back connections; a later `get` makes new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()
