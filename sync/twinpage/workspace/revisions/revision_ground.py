"""A vault as git has it, before anything in it is read. Its settings, kinds and dialect are those of that tree."""

from __future__ import annotations

from pathlib import Path

from twinpage.config import Known, parse
from twinpage.edge.git.tree_files import TreeFiles
from twinpage.edge.git.trees import Tree
from twinpage.edge.place import SETTINGS
from twinpage.edge.states.slots import open_slot
from twinpage.errors import NotRead, SettingsMistakes
from twinpage.workspace.ground import LARGEST_SETTINGS, Ground, detect_dialect, leave_out, mark_of


class GroundInGit(Ground):
    """What a vault stands on that is looked at as git has it."""

    def unchanged(self) -> bool:
        """Its flags are up to date: nothing is another than when they were taken."""
        state = self.state
        return files_of(self).news == [] and state.recall("settings") == self.settings_digest and not state.stale(1)


def ground_at(root: Path, tree: Tree, slot: str, settings: bytes | None = None, today: str = "") -> GroundInGit:
    """The vault at ``root`` as a tree has it. What is known of it comes from a slot and goes there: see ``edge.slots``.

    ``settings``: to go by instead of the tree's own. ``today``: instead of its date. Raises SettingsMistakes, NotRead,
    Usage (no dialect).
    """
    files = TreeFiles(tree)
    try:
        own = _small(files, SETTINGS) if settings is None else settings
        config, mistakes = parse(own.decode("utf-8", "replace"), Known())
        if mistakes:
            path = f"{SETTINGS} in {tree.label}" if settings is None else SETTINGS
            raise SettingsMistakes(path, [str(mistake) for mistake in mistakes])
        leave_out(files, config)
        dialect = config.dialect or _dialect(root, tree)
        schemas = {path: _small(files, path) for path in _schema_files(tree)}
        day = today or tree.date
        mark = mark_of(own, config, dialect, schemas, day)
        state, files.news = open_slot(root, slot, files.contents, mark)
    except BaseException:
        files.close()
        raise
    return GroundInGit(files, config, dialect, state, own, mark, day, [], schemas)


def files_of(ground: Ground) -> TreeFiles:
    """The files of a vault that was opened as git has it."""
    assert isinstance(ground.disk, TreeFiles)
    return ground.disk


def settings_of(root: Path, tree: Tree | None) -> bytes:
    """What a tree, or the working tree, has as twinpage.toml; nothing where it has none."""
    if tree is None:
        try:
            return (root / SETTINGS).read_bytes()[:LARGEST_SETTINGS]
        except OSError:
            return b""
    files = TreeFiles(tree)
    try:
        return _small(files, SETTINGS)
    finally:
        files.close()


def _small(files: TreeFiles, path: str) -> bytes:
    """A file of the tree; nothing where it has none."""
    try:
        return files.read(path)[:LARGEST_SETTINGS]
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise NotRead(path, error.strerror or "git refused") from error


def _schema_files(tree: Tree) -> list[str]:
    """The team's own, directly in their folder."""
    found = [path for path in tree.files if path.startswith("schemas/") and path.endswith(".json")]
    return sorted(path for path in found if path.count("/") == 1 and not path.startswith("schemas/."))


def _dialect(root: Path, tree: Tree) -> str:
    """By what the tree has of the apps' settings, else by what the working tree has and says: git may ignore them."""
    logseq = "logseq/config.edn" in tree.files
    obsidian = any(path.startswith(".obsidian/") for path in tree.files)
    if logseq != obsidian:
        return "logseq" if logseq else "obsidian"
    text = settings_of(root, None).decode("utf-8", "replace")
    return parse(text, Known())[0].dialect or detect_dialect(root)
