"""What can go wrong in a way that a person can mend.

The class holds the sentence, the caller gives facts, and the last clause says what to do. Whoever runs a command shows
``str(error)`` and ends with exit code 2. Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable


class TwinpageError(Exception):
    """The root of all errors that are shown to people as one sentence."""


class Usage(TwinpageError):
    """The command was not asked for in a way that it understands. The sentence is the caller's."""


class NotInStep(Usage):
    """Something has to be carried over before this can be done; nothing was done."""


class Unwritable(TwinpageError):
    """A value cannot be written into a note or a file without breaking a promise. The sentence is the caller's."""


class NeedsOption(TwinpageError):
    """A question that can only be asked on a terminal; elsewhere an option has to answer it."""

    def __init__(self, question: str, option: str) -> None:
        super().__init__(f"{question} There is no terminal to ask on: say it with {option}.")


class NoVault(TwinpageError):
    """No vault at or above a folder."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"There is no vault in {folder} or above it: go to a folder with a twinpage.toml, name one with "
            "--vault DIR, or make one with `twinpage init DIR`."
        )


class ChangedMeanwhile(TwinpageError):
    """The file changed while twinpage was working on it."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} changed while it was being updated, so it was not written; run the command again.")


class OutsideVault(TwinpageError):
    """A path that leads out of the vault, by its form or through a symbolic link."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path} leads out of the vault and is left alone; replace the link or path by a file inside the vault."
        )


MEND_IT = "mend that and run the command again."


class NotWritten(TwinpageError):
    """The system refused a write: read-only, no permission, disk full."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} could not be written ({reason}) and stays as it was; {MEND_IT}")


class NotRenamed(TwinpageError):
    """A rename that the system or somebody's edit refused in the middle. ``why`` is a whole sentence.

    ``left``: what could not be taken back either.
    """

    def __init__(self, why: str, left: Iterable[str] = ()) -> None:
        self.left = tuple(left)
        if self.left:
            told = f"A part of the rename is done already ({', '.join(self.left[:3])}): `twinpage sync` settles it."
        else:
            told = "Nothing is renamed: every file is as it was before."
        super().__init__(f"{why} {told}")


class NotRead(TwinpageError):
    """The system refused to read a file that is there."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} could not be read ({reason}); {MEND_IT}")


class LockHeld(TwinpageError):
    """Another process is writing in this vault."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"{holder} is writing in this vault; wait until it is done and run the command again.")


class AlreadyWatched(TwinpageError):
    """Another process watches this vault."""

    def __init__(self, holder: str) -> None:
        super().__init__(
            f"{holder} watches this vault already, and one is enough: stop that one first, or leave it running."
        )


class VaultGone(TwinpageError):
    """The vault's folder was moved or deleted while it was watched."""

    def __init__(self, root: str) -> None:
        super().__init__(f"{root} is no longer there, so nothing is watched; run the command again where the vault is.")


class SettingsMistakes(TwinpageError):
    """twinpage.toml has mistakes; each is already a whole sentence with its line."""

    def __init__(self, path: str, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  {sentence}" for sentence in self.mistakes)
        super().__init__(f"{path} has mistakes; correct these lines and run the command again.\n{lines}")


class UnknownWord(TwinpageError):
    """An id, kind or code that does not exist."""

    def __init__(
        self,
        what: str,
        word: str,
        similar: Iterable[str] = (),
        listed_by: str = "",
        advice: str = "check the spelling.",
    ) -> None:
        near = [f"`{name}`" for name in similar]
        if near:
            advice = f"did you mean {' or '.join(near)}?"
        elif listed_by:
            advice = f"`{listed_by}` lists all."
        super().__init__(f"There is no {what} `{word}`; {advice}")


class UnknownArtifact(UnknownWord):
    """An id that no artifact has."""

    def __init__(self, artifact: str, similar: Iterable[str] = (), what: str = "artifact") -> None:
        super().__init__(
            what, artifact, similar, advice="name one by the path of its file in artifacts/, without .json."
        )


class AlreadyThere(TwinpageError):
    """Something would have to be overwritten, and nothing is."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"{path} is already there and is not overwritten; choose another name or move it away.")


class IncompleteInstall(TwinpageError):
    """A file that belongs to the package is missing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The installed package lacks {name}; install twinpage again.")
