"""Why the system refused something, in words."""

from __future__ import annotations

import errno


def reason(error: OSError) -> str:
    """Why the system refused, as a clause for a sentence."""
    clauses = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your disk quota is used up",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "you may not write there",
        errno.EPERM: "the system does not allow it",
        errno.ENAMETOOLONG: "its name is too long for this file system",
        errno.EIO: "the disk reported an error",
    }
    return clauses.get(error.errno or 0, (error.strerror or "the system refused").lower())
