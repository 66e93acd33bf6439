"""Which folders are on disks of other computers."""

from __future__ import annotations

from pathlib import Path

import pytest

from twinpage.edge.mounts import far_disk, far_kind

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/team rw,relatime shared:2 master:1 - nfs4 server:/team rw,vers=4.2
31 30 0:41 / /home/team/here rw - tmpfs tmpfs rw
32 22 0:42 / /mnt/c rw - 9p C:\134 rw
33 22 0:43 / /srv/two\040words rw - cifs //server/share rw
34 22 0:44 / /home/far rw - fuse.sshfs me@server: rw
35 22 0:45 / /home/stick rw - fuse.exfat /dev/sdb1 rw
36 22 0:46 / /home/over rw - nfs server:/x rw
37 36 0:47 / /home/over rw - ext4 /dev/sdc1 rw
a line of another form
"""


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("/home/me/vault", ""),
        ("/home/team", "nfs4"),
        ("/home/team/vault", "nfs4"),
        ("/home/teams/vault", ""),
        ("/home/team/here/vault", ""),
        ("/mnt/c/Users/me/vault", "9p"),
        ("/srv/two words/vault", "cifs"),
        ("/home/far/vault", "fuse.sshfs"),
        ("/home/stick/vault", ""),
        ("/home/over/vault", ""),
    ],
)
def test_the_nearest_mount_counts(root: str, kind: str) -> None:
    assert far_kind(root, MOUNTS) == kind


def test_a_far_disk_inside_the_vault_counts_too() -> None:
    assert far_kind("/home", MOUNTS) in {"nfs4", "fuse.sshfs"}
    assert far_kind("/srv", MOUNTS) == "cifs"
    assert far_kind("/", MOUNTS) == "nfs4"


def test_a_folder_of_this_machine_is_near(tmp_path: Path) -> None:
    assert far_disk(tmp_path) == ""
