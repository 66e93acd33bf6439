"""What this machine remembers of a vault: kept whole, set aside when it cannot be trusted."""

from __future__ import annotations

import os
import socket
import sqlite3
from pathlib import Path

import pytest

from twinpage.edge.disk import Stat
from twinpage.edge.states.state import Base, FileFacts, State, memory_state, open_state
from twinpage.errors import NotRead, NotWritten, OutsideVault

STAT = Stat(5, 1_000_000_007, 1_000_000_008, 42)
VALUE = {"kind": "topic", "id": "topics/steam", "name": "Steam", "extras": {"old": [1, None, "ü"]}}
VIEW = {"name": "Steam"}


def facts(role: str = "note", artifact: str = "topics/steam", title: str = "Steam") -> FileFacts:
    return FileFacts(STAT, "d" * 32, role, title, title.casefold(), artifact, "topic", "")


def base(note_path: str = "Topics/Steam.md", written: bool = True) -> Base:
    return Base("topic", note_path, "a" * 32, "b" * 32, VALUE, VIEW, written)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path


def reopened(state: State, root: Path) -> tuple[State, list[str]]:
    state.close()
    remarks: list[str] = []
    return open_state(root, remarks), remarks


class TestMemory:
    def test_what_was_packed_is_put_back_whole(self, root):
        state = open_state(root, [])
        state.put_base("topics/steam", base(), "The note, \ud800 and all.\n")
        packed = state.packed("topics/steam")
        state.put_base("topics/steam", base("Steam.md", written=False), "Another.\n")
        assert packed is not None
        state.put_packed(packed)
        assert state.base("topics/steam") == base()
        assert state.last_note("topics/steam") == "The note, \ud800 and all.\n"
        assert state.packed("topics/other") is None
        state.give_back()
        assert state.base("topics/steam") == base()
        state.close()

    def test_all_of_it_comes_back(self, root: Path) -> None:
        state = open_state(root, [])
        with state.transaction():
            state.put_files([("Topics/Steam.md", facts())])
            state.put_base("topics/steam", base(), "note\r\ntext \ud800\n")
            state.put_embeds("topics/steam", [("a", "![[A]]"), ("b", "![[B]]")])
            state.drop_embed("topics/steam", "a")
            state.add_dirty(["x", "y"])
            state.clear_dirty(["y"])
            state.put_flags([("id:topics/steam", '[["TP301"]]', ["id:a", "kind:case"])])
            state.remember("last pass", "today")
        state, remarks = reopened(state, root)
        assert remarks == []
        assert state.file("Topics/Steam.md") == facts()
        assert state.files_at(["Topics/Steam.md", "Other.md"]) == {"Topics/Steam.md": facts()}
        assert dict(state.stats()) == {"Topics/Steam.md": STAT}
        assert state.base("topics/steam") == base()
        assert state.last_note("topics/steam") == "note\r\ntext \ud800\n"
        assert state.known_note("topics/steam") == "Topics/Steam.md"
        assert state.base_notes() == {"topics/steam": "Topics/Steam.md"}
        assert state.embeds("topics/steam") == {"b": "![[B]]"}
        assert state.dirty() == {"x"}
        assert list(state.flags()) == [("id:topics/steam", '[["TP301"]]')]
        assert state.subjects_with("TP301") == ["topics/steam"]
        assert state.subjects_with("TP30") == []
        assert state.dependants(["kind:case", "id:none"]) == {"id:topics/steam"}
        assert state.recall("last pass") == "today"
        state.close()

    def test_what_nobody_said_is_empty(self) -> None:
        state = memory_state()
        assert (state.recall("x"), state.file("x"), state.base("x"), state.last_note("x")) == ("", None, None, None)
        assert (state.known_note("x"), state.embeds("x"), state.dirty(), state.count_cards()) == ("", {}, set(), 0)
        state.close()

    def test_a_view_that_is_the_value_is_kept_once_and_comes_back(self) -> None:
        state = memory_state()
        whole = Base("topic", "S.md", "", "", VIEW, VIEW, written=False)
        state.put_base("topics/steam", whole, "")
        assert state.base("topics/steam") == whole
        state.close()

    def test_an_empty_view_is_not_taken_for_the_value(self) -> None:
        state = memory_state()
        bare = Base("topic", "S.md", "", "", VALUE, {}, written=False)
        state.put_base("topics/steam", bare, "")
        assert state.base("topics/steam") == bare
        state.close()

    def test_forgetting_a_base_forgets_its_embeds(self) -> None:
        state = memory_state()
        state.put_base("topics/steam", base(), "")
        state.put_embeds("topics/steam", [("a", "![[A]]")])
        state.put_embeds("topics/water", [("a", "![[A]]")])
        state.drop_base("topics/steam")
        assert (state.base("topics/steam"), state.embeds("topics/steam")) == (None, {})
        assert state.embeds("topics/water") == {"a": "![[A]]"}
        state.close()

    def test_flags_that_are_gone_leave_no_dependence(self) -> None:
        state = memory_state()
        state.put_flags([("id:a", "[[]]", ["id:x", "id:y"])])
        state.put_flags([("id:a", "", ["id:y"])])
        assert (list(state.flags()), state.dependants(["id:x"]), state.dependants(["id:y"])) == ([], set(), {"id:a"})
        state.drop_flags(["id:a"])
        assert state.dependants(["id:y"]) == set()
        state.close()

    def test_bases_outlive_what_is_derived(self) -> None:
        state = memory_state()
        state.put_base("topics/steam", base(), "text")
        state.put_files([("S.md", facts())])
        state.put_flags([("id:a", "[[]]", ["id:x"])])
        state.put_cards([("a", "topic", "", "[]", ["b"])])
        state.forget_derived()
        assert state.base("topics/steam") == base()
        assert (dict(state.stats()), list(state.flags()), state.count_cards()) == ({}, [], 0)
        assert list(state.rows("select id from refs")) == []
        state.close()


class TestTransaction:
    def test_all_or_nothing(self, root: Path) -> None:
        state = open_state(root, [])
        with state.transaction():
            state.put_base("topics/steam", base(), "before")

        def interrupted() -> None:
            with state.transaction():
                state.put_base("topics/steam", base("Elsewhere.md"), "after")
                state.add_dirty(["x"])
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert state.base("topics/steam") == base()
        assert state.dirty() == set()
        with state.transaction():
            state.add_dirty(["y"])
        assert state.dirty() == {"y"}
        state.close()

    def test_a_process_that_dies_leaves_what_was_before(self, root: Path) -> None:
        state = open_state(root, [])
        with state.transaction():
            state.put_base("topics/steam", base(), "before")
        dying = open_state(root, [])
        dying._db.execute("begin immediate")
        dying.put_base("topics/steam", base("Elsewhere.md"), "after")
        dying.close()
        state, remarks = reopened(state, root)
        assert remarks == []
        assert state.base("topics/steam") == base()
        state.close()

    def test_a_full_disk_is_told_and_takes_nothing(self, root: Path) -> None:
        state = open_state(root, [])
        with state.transaction():
            state.put_base("topics/steam", base(), "before")
        pages = state._db.execute("pragma page_count").fetchone()[0]
        state._db.execute(f"pragma max_page_count = {pages}")

        def fill() -> None:
            with state.transaction():
                for number in range(1000):
                    state.put_base(f"topics/{number}", base(), os.urandom(2000).hex())

        with pytest.raises(NotWritten, match="full"):
            fill()
        assert state.base("topics/steam") == base()
        assert state.base("topics/0") is None
        state.close()

    def test_one_writer_at_a_time(self, root: Path) -> None:
        state, other = open_state(root, []), open_state(root, [])
        other._db.execute("pragma busy_timeout = 50")
        with state.transaction(), pytest.raises(NotWritten, match="another program is using it"), other.transaction():
            pass
        with other.transaction():
            other.add_dirty(["x"])
        state.close()
        other.close()


class TestTrust:
    @pytest.fixture
    def path(self, root: Path) -> Path:
        state = open_state(root, [])
        with state.transaction():
            for number in range(200):
                state.put_base(f"topics/{number}", base(), os.urandom(500).hex())
        state.close()
        return root / ".twinpage/state.db"

    def opened_anew(self, root: Path) -> str:
        """A new state is made, the old one lies beside it; what was said of it."""
        remarks: list[str] = []
        before = (root / ".twinpage/state.db").read_bytes()
        state = open_state(root, remarks)
        assert state.base("topics/1") is None
        state.close()
        assert (root / ".twinpage/state.db.set-aside").read_bytes() == before
        assert len(remarks) == 1
        state, again = open_state(root, []), list[str]()
        state.close()
        open_state(root, again).close()
        assert again == []
        return remarks[0]

    @pytest.mark.parametrize("data", [b"", b"no database at all" * 300, b"SQLite format 3\0" + b"\0" * 5000])
    def test_what_is_no_state(self, root: Path, path: Path, data: bytes) -> None:
        path.write_bytes(data)
        assert "made anew" in self.opened_anew(root)

    def test_half_of_a_state(self, root: Path, path: Path) -> None:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert "cannot be read" in self.opened_anew(root)

    def test_a_state_that_is_damaged_in_the_middle(self, root: Path, path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[len(data) // 4 : len(data) // 2] = os.urandom(len(data) // 2 - len(data) // 4)
        path.write_bytes(data)
        state = open_state(root, [])
        with pytest.raises(NotWritten, match="damaged and was set aside"), state.transaction():
            _ = [state.base(f"topics/{number}") for number in range(200)]
        state, remarks = reopened(state, root)
        assert remarks == []
        assert state.base("topics/1") is None
        state.close()
        assert (root / ".twinpage/state.db.set-aside").read_bytes() == data

    def test_damage_that_is_found_between_two_passes(self, root: Path, path: Path) -> None:
        state = open_state(root, [])
        path.write_bytes(b"no database at all" * 5000)
        with pytest.raises(NotRead, match="damaged and was set aside"):
            state.stale(1)
        fresh = open_state(root, [])
        with fresh.transaction():
            fresh.add_dirty(["x"])
        with pytest.raises(NotRead, match="damaged"):
            state.dirty()  # of the old one, which lies aside: the new one stays
        state.close()
        assert fresh.is_there()
        assert fresh.dirty() == {"x"}
        fresh.close()

    def test_a_state_that_is_emptied_while_it_is_open(self, root: Path, path: Path) -> None:
        for in_a_pass in (True, False):
            state = open_state(root, [])
            path.write_bytes(b"")
            if in_a_pass:
                with pytest.raises(NotWritten, match="damaged and was set aside"), state.transaction():
                    state.add_dirty(["x"])
            else:
                with pytest.raises(NotRead, match="damaged and was set aside"):
                    state.stale(1)
            assert not state.is_there()
            state.close()

    def test_another_database(self, root: Path, path: Path) -> None:
        path.unlink()
        with sqlite3.connect(path) as other:
            other.execute("create table meta (key text primary key, value text)")
        other.close()
        self.opened_anew(root)

    def test_another_format(self, root: Path, path: Path) -> None:
        with sqlite3.connect(path) as other:
            other.execute("update meta set value = '999' where key = 'format'")
        other.close()
        assert "another version" in self.opened_anew(root)

    @pytest.mark.parametrize("whose", ["host", "folder"])
    def test_a_state_from_elsewhere_would_revert_edits(self, root: Path, path: Path, whose: str) -> None:
        home = f"elsewhere\n{root}" if whose == "host" else f"{socket.gethostname()}\n/another/folder"
        with sqlite3.connect(path) as other:
            other.execute("update meta set value = ? where key = 'home'", (home,))
        other.close()
        assert "another machine or folder" in self.opened_anew(root)

    def test_a_copied_vault_starts_anew(self, tmp_path: Path) -> None:
        import shutil

        (tmp_path / "one").mkdir()
        state = open_state(tmp_path / "one", [])
        with state.transaction():
            state.put_base("topics/steam", base(), "")
        state.close()
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        remarks: list[str] = []
        copied = open_state(tmp_path / "two", remarks)
        assert copied.base("topics/steam") is None
        assert "another machine or folder" in remarks[0]
        copied.close()

    def test_a_folder_of_that_name(self, root: Path) -> None:
        (root / ".twinpage/state.db").mkdir(parents=True)
        remarks: list[str] = []
        open_state(root, remarks).close()
        assert "cannot be read" in remarks[0]

    def test_no_folder_can_be_made(self, root: Path) -> None:
        (root / ".twinpage").write_text("in the way")
        with pytest.raises(NotWritten):
            open_state(root, [])

    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "vault/.twinpage").mkdir(parents=True)
        (tmp_path / "outside").mkdir()
        (tmp_path / "vault/.twinpage/state.db").symlink_to(tmp_path / "outside/new.db")
        open_state(tmp_path / "vault", []).close()
        assert os.listdir(tmp_path / "outside") == []
        (tmp_path / "linked").mkdir()
        (tmp_path / "linked/.twinpage").symlink_to(tmp_path / "outside")
        with pytest.raises(OutsideVault):
            open_state(tmp_path / "linked", [])
        assert os.listdir(tmp_path / "outside") == []

    def test_a_state_in_memory_leaves_nothing(self, root: Path) -> None:
        state = memory_state()
        with state.transaction():
            state.put_base("topics/steam", base(), "text")
        assert state.base("topics/steam") == base()
        state.close()
        assert os.listdir(root) == []


class TestRenew:
    def test_all_is_as_it_was(self, tmp_path: Path) -> None:
        state = open_state(tmp_path, [])
        state.remember("flags", "7")
        before = state.rollbacks
        state.renew()
        assert state.recall("flags") == "7"
        assert state.rollbacks == before + 1  # what was known by the version of the other connection is asked anew
        with state.transaction():
            state.remember("flags", "8")
        state.renew()
        assert state.recall("flags") == "8"
        state.close()

    def test_nothing_is_cut_off_within_a_transaction(self, tmp_path: Path) -> None:
        state = open_state(tmp_path, [])
        with state.transaction():
            state.remember("flags", "7")
            state.renew()
            assert state.recall("flags") == "7"
        assert state.recall("flags") == "7"
        state.close()

    def test_a_file_that_somebody_deleted_is_not_made_again(self, tmp_path: Path) -> None:
        state = open_state(tmp_path, [])
        assert state.path is not None
        state.path.unlink()
        state.renew()
        assert not state.path.exists()
        state.close()

    def test_one_in_memory_stays(self) -> None:
        state = memory_state()
        state.remember("flags", "7")
        state.renew()
        assert state.recall("flags") == "7"
        state.close()
