"""Disks of other computers: no system tells of what is changed there by others."""

from __future__ import annotations

import os
from pathlib import Path

from twinpage.model.regex import regex

FAR = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "davfs", "drvfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3"}
) | frozenset({"smbfs", "vboxsf", "virtiofs", "vmhgfs"})
"""Kinds of disk that another computer, or the one around this one, changes too, as Linux names them."""
LOCAL_FUSE = frozenset({"fuse.ntfs-3g", "fuse.exfat", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs"})
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = regex(r"\\([0-7]{3})")


def far_disk(root: Path) -> str:
    """The kind of a disk of others, such as ``nfs4``, that the folder or one inside it is on; "" for none."""
    real = os.path.realpath(root)
    if real.startswith("\\\\"):
        return "a network share"
    try:
        told = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return "a volume" if real.startswith("/Volumes/") else ""
    return far_kind(real, told)


def far_kind(root: str, mountinfo: str) -> str:
    """The same by the text of ``/proc/self/mountinfo``; its form is in the manual page proc(5)."""
    above, kind_above = "", ""
    for line in mountinfo.split("\n"):
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        place = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[4])
        kind = after.split(" ", 1)[0]
        if _is_in(place, root) and place != root and _is_far(kind):
            return kind
        if _is_in(root, place) and len(place) >= len(above):  # the last of several at one place is the one on top
            above, kind_above = place, kind
    return kind_above if _is_far(kind_above) else ""


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_far(kind: str) -> bool:
    return kind in FAR or (kind.startswith("fuse.") and kind not in LOCAL_FUSE)
