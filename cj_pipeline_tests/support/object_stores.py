"""An S3 server on the loopback address, from a Python package."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3

KEY = {"AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def running_s3() -> Iterator[dict[str, str]]:
    """Run an S3 server; yields the variables by which a client finds it and may write to it."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 (takes a while, and few tests need it)

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield {**KEY, "AWS_ENDPOINT_URL": f"http://{host}:{port}", "NO_PROXY": "127.0.0.1"}
    finally:
        server.stop()


def new_bucket(variables: dict[str, str], name: str) -> str:
    """Make a bucket; returns its address."""
    client = boto3.client(
        "s3",
        endpoint_url=variables["AWS_ENDPOINT_URL"],
        aws_access_key_id=KEY["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEY["AWS_SECRET_ACCESS_KEY"],
        region_name=KEY["AWS_DEFAULT_REGION"],
    )
    client.create_bucket(Bucket=name)
    return f"s3://{name}"
