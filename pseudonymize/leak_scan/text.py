"""Bytes of an unknown encoding as text. Pure."""


def text_of(data: bytes) -> str:
    """UTF-8 where it is that, else Windows-1252."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
