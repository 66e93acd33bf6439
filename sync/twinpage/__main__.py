"""Where the program starts. What needs no library is answered before one is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys

from twinpage import __version__

SHORT_HELP = """\
twinpage keeps the notes of a business model and its artifact files in step.

  twinpage demo             a ready vault to look around in
  twinpage init my-vault    a new vault, or settings in a folder of notes
  twinpage sync             one two-way pass
  twinpage check            what the model lacks
  twinpage explain TP301    why a flag is there and how to mend it

All commands: twinpage --help. Options of one: twinpage sync --help.
"""


def _told(text: str) -> int:
    from twinpage.edge.terminal import Terminal
    from twinpage.quick import ended

    def run() -> int:
        Terminal().result(text)
        return 0

    return ended(run, [])


def _open_closed_streams() -> None:
    """Whoever starts us may have closed them (``>&-``): then nobody wants to hear, and nothing else is wrong."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        return _main()
    except KeyboardInterrupt:  # while libraries were still being imported
        return 130


def _main() -> int:
    atexit.register(gc.freeze)  # nobody needs the search for garbage that ends every process: it takes 0.03 s
    _open_closed_streams()
    arguments = sys.argv[1:]
    if not arguments or arguments == ["--version"]:
        return _told(f"twinpage {__version__}" if arguments else SHORT_HELP)
    if arguments[:2] == ["merge", "--driver"]:
        # git starts it once a file: what the command line needs is not imported
        gc.disable()  # it is over in a moment
        from twinpage.commands.merge_driver import run as drive

        return drive(arguments[2:])
    gc.set_threshold(100_000, 50, 100)  # thousands of notes are read and none of them is garbage: look for it rarely
    if arguments[0] in ("check", "diff", "review", "textconv"):
        from twinpage import quick

        code = quick.answered(arguments)
        if code is not None:
            return code
    from twinpage.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
