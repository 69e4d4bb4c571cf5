"""Text that came from outside, made fit to be stored."""


def storable(text: str, most: int) -> str:
    """Replace what no database stores (NUL, lone surrogates) and cut the text.

    A model may answer with any escaped character; one strange answer must not keep a job from being recorded.

    Args:
        text: Any text.
        most: Longest result, characters.
    """
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")[:most]
