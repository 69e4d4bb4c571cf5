"""The process that opens strangers' files: `python -m cj_pipeline.intake.reading_child`.

It reads requests from its standard input and writes replies to its standard output, until the input ends. It has no
key, opens no file, and may take so much memory and no more. What does not belong here: how long it may take
(reading_pool, which ends it).
"""

import json
import os
import resource
import sys
from typing import BinaryIO, Final

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.dispatch import read_document, read_rows

MOST_MEMORY: Final = 1_000_000_000
"""Bytes of address space."""


def reply_to(request: dict[str, str], data: bytes) -> dict[str, object]:
    """What one file holds, or what is wrong with it."""
    try:
        if request["wanted"] == "text":
            return {"text": read_document(request["suffix"], data)}
        table = read_rows(request["suffix"], data, request["sheet"])
        return {"columns": table.columns, "rows": [[row[name] for name in table.columns] for row in table.rows]}
    except ConfigurationError as error:
        # After it ran out of memory, a process is not to be trusted with the next file.
        return {"fault": str(error), "worn": isinstance(error.__cause__, MemoryError)}


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until there are no more: a line of JSON with the number of bytes that follow it, both ways."""
    while line := requests.readline():
        request = json.loads(line)
        data = requests.read(request["size"])
        body = json.dumps(reply_to(request, data)).encode()
        replies.write(b"%d\n" % len(body))
        replies.write(body)
        replies.flush()


def main() -> None:
    """Serve the process that started this one, within the memory allowed."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a library prints must not get among the replies.
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
