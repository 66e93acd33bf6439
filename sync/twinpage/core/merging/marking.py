"""Two versions of a file between the markers that git sets."""

from __future__ import annotations


def both_marked(ours: bytes, theirs: bytes, size: int, labels: tuple[str, str, str]) -> bytes:
    """Both versions whole, one after the other. ``size``: of the markers; ``labels``: of ours, base, theirs."""
    end = b"\r\n" if b"\r\n" in ours else b"\n"
    one, other = (f" {label}".encode("utf-8", "surrogateescape") for label in (labels[0], labels[2]))
    return b"".join(
        (
            b"<" * size + one + end,
            _ended(ours, end),
            b"=" * size + end,
            _ended(theirs, end),
            b">" * size + other + end,
        )
    )


def _ended(text: bytes, end: bytes) -> bytes:
    return text if not text or text.endswith(b"\n") else text + end
