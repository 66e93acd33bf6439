"""The only way to change a file: a new text that says which text it was computed from."""

from __future__ import annotations

from hashlib import blake2b

from msgspec import Struct

from twinpage.model.names import VaultPath

Digest = str


def digest(data: bytes) -> Digest:
    """Fingerprint of a file's bytes: 32 hexadecimal digits of blake2b."""
    return blake2b(data, digest_size=16).hexdigest()


class Edit(Struct, frozen=True):
    """Put ``text`` at ``path``, provided that the file still has the digest ``expects``.

    ``expects`` None: the file must not exist. ``text`` None: the file goes to the trash. ``because`` is a plain clause
    such as ``the note changed``.
    """

    path: VaultPath
    expects: Digest | None
    text: str | None
    because: str
    artifact: str = ""
