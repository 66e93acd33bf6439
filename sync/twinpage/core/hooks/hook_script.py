"""The hooks that git runs: small shell scripts that can be told from anybody else's, and from one that was changed."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence

from msgspec import Struct

from twinpage.model.regex import regex

CHECKS = ("pre-commit", "pre-merge-commit")
HINTS = ("post-checkout", "post-merge", "post-rewrite")
HOOKS = (*CHECKS, *HINTS)

GATE = "twinpage check --staged"
"""What every hook that refuses runs, also under pre-commit."""
_PYTHON = "@PYTHON@"
_RUNS = f"{_PYTHON} -P -m twinpage"
_MERGE = "merge --driver %O %A %B %P %L"
# Where no twinpage can be started, git would take our side and leave no mark. A Python that has lost it ends with 1.
_DRIVER = (
    f't() {{ command -v "$1" >/dev/null || return; "$@" {_MERGE}; c=$?; '
    "case $c in [12] | 12[67]) ;; *) exit $c ;; esac; }; "
    f"t {_RUNS}; t twinpage; git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B; "
    "printf '%%s %%s\\n' %P 'was merged by its lines only, since there is no twinpage to run. Look at it, stage it "
    "with `git add`, and run `python -m twinpage hooks install` with a Python that has twinpage.' >&2; exit 1"
)
_TEXTCONV = f't() {{ {{ {_RUNS} textconv "$1" || twinpage textconv "$1"; }} 2>/dev/null || cat "$1"; }}; t'
_DRIVERS = _DRIVER, f"{_RUNS} {_MERGE}"
_TEXTCONVS = _TEXTCONV, f"{_RUNS} textconv"
"""As they are set now, and as they were before."""
_PROGRAM = regex(r"^python=(.*?)\npackage=(.*?)\n(?:#|if)", re.DOTALL | re.MULTILINE)
_MARK = regex(r"#!/bin/sh\n# twinpage hook ([0-9a-f]{64})\n")


class Program(Struct, frozen=True):
    """The twinpage that a hook runs."""

    python: str
    package: str
    """The folder of the package: a Python that is still there may have lost it."""

    def command(self, words: str) -> str:
        """A line for a shell, safe for any path. ``-P``: nothing in the folder where git stands can be imported."""
        return f"{shlex.quote(self.python)} -P -m twinpage {words}"

    @property
    def driver(self) -> str:
        """What git runs to merge a file. git replaces letters after ``%``, so one in a path is doubled."""
        return _DRIVER.replace(_PYTHON, shlex.quote(self.python).replace("%", "%%"))

    @property
    def textconv(self) -> str:
        """What git runs, with the path of a file, to show it; the file as it is where there is no twinpage."""
        return _TEXTCONV.replace(_PYTHON, shlex.quote(self.python))


def python_of(setting: str) -> str:
    """The Python that a driver or textconv of ours was installed with; empty for a command of somebody else."""
    for command in (*_DRIVERS, *_TEXTCONVS):
        before, _, after = command.partition(_PYTHON)
        if setting.startswith(before) and setting.endswith(after):
            try:
                (python,) = shlex.split(setting[len(before) : len(setting) - len(after)])
            except ValueError:
                return ""
            return python.replace("%%", "%") if command in _DRIVERS else python
    return ""


def hook_script(name: str, program: Program, vaults: Sequence[str]) -> str:
    """A hook that works for these vaults, paths from the top of the work tree."""
    quoted = [shlex.quote(f"./{vault}") for vault in vaults]
    head = _HEAD.format(python=shlex.quote(program.python), package=shlex.quote(program.package))
    if name in CHECKS:
        body = _missing("Nothing was checked, so nothing is committed", 1) + _CHECK
    else:
        body = _missing("Whether notes differ is not known", 0) + _HINT
    body = body.replace("@WHEN@", _REBASED if name == "post-rewrite" else _AT_REST)
    body = body.replace("@UNCHANGED@", _UNCHANGED if name == "post-checkout" else "")
    body = body.replace("@WHICH@", _WHICH if len(vaults) > 1 else "")
    text = head + body.replace("@VAULTS@", " ".join(quoted))  # last: a folder may be called anything
    return f"#!/bin/sh\n# twinpage hook {_digest(text)}\n{text}"


def is_ours(text: str) -> bool:
    """We made this hook, this version or another, and nobody changed it since."""
    mark = _MARK.match(text)
    return mark is not None and _digest(text[mark.end() :]) == mark[1]


def was_ours(text: str) -> bool:
    """We made it, and it may have been changed since."""
    return _MARK.match(text) is not None


def program_of(text: str) -> Program | None:
    """The twinpage that a hook of ours runs; None when that cannot be told."""
    found = _PROGRAM.search(text)
    try:
        return Program(*(word for part in found.groups() for word in shlex.split(part))) if found else None
    except (ValueError, TypeError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _missing(meanwhile: str, code: int) -> str:
    return _MISSING.format(meanwhile=meanwhile, code=code)


_HEAD = """\
# Made by `twinpage hooks install`, taken away by `twinpage hooks uninstall`. Once changed, it is yours.
python={python}
package={package}
"""

_MISSING = """\
if [ -x "$python" ] && [ -f "$package/__main__.py" ]; then
    twinpage() {{ "$python" -P -m twinpage "$@"; }}
elif ! command -v twinpage >/dev/null 2>&1; then
    printf '%s\\n' "{meanwhile}: the twinpage of this hook is gone ($python)." \\
        "Run \\`python -m twinpage hooks install\\` in the vault, with a Python that has twinpage." >&2
    exit {code}
fi
"""

_CHECK = """\
code=0
for vault in @VAULTS@; do
    # By what is committed: a commit may take twinpage.toml away, and a branch may have no vault.
    staged=$(git --literal-pathspecs ls-files -- "$vault/twinpage.toml" "$vault/artifacts")
    [ -d "$vault" ] && [ -n "$staged" ] || continue
    said=$(""" + GATE + """ --vault "$vault") || {
        code=1
@WHICH@        printf '%s\\n' "$said"
    }
done
exit "$code"
"""  # fmt: skip

_WHICH = """\
        printf 'In %s:\\n' "${vault#./}"
"""

_UNCHANGED = """\
    # From one commit to the other, nothing here is another: no need to look.
    [ "$3" = 1 ] && git --literal-pathspecs diff-tree --quiet -r "$1" "$2" -- "$vault" 2>/dev/null && continue
"""

_AT_REST = """\
for work in rebase-merge rebase-apply; do
    [ -d "$(git rev-parse --git-path "$work")" ] && exit 0
done
"""

_REBASED = """\
# A rebase commits without asking any hook, so what it committed is told when it has ended.
[ "$1" = rebase ] || exit 0
"""

_HINT = """\
@WHEN@for vault in @VAULTS@; do
    [ -f "$vault/twinpage.toml" ] || continue
@UNCHANGED@    twinpage hooks hint --vault "$vault"
done
exit 0
"""
