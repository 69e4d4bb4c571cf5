"""On which addresses of this machine a port is listened to, as the kernel has it."""

import socket
from pathlib import Path

_LISTENING = "0A"


def addresses(port: int) -> set[str]:
    """Addresses on which something listens to a port; empty if nothing does."""
    found = set()
    for name, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            address, _, number = local.partition(":")
            if state == _LISTENING and int(number, 16) == port:
                words = [bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8)]
                found.add(socket.inet_ntop(family, b"".join(words)))
    return found
