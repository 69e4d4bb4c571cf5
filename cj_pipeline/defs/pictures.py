"""Pictures on Dagster's pages. They lie in the event log, so each picture is bounded where it is drawn."""

import base64

import dagster as dg


def inline_picture(title: str, image: bytes) -> dg.MarkdownMetadataValue:
    """A PNG image that needs no server: it shows when `Show Markdown` is clicked."""
    return dg.MetadataValue.md(f"![{title}](data:image/png;base64,{base64.b64encode(image).decode()})")
