"""The file by which pre-commit and prek know our hook: ``.pre-commit-hooks.yaml``, at the top of the repository."""

from __future__ import annotations

from twinpage.core.hooks.hook_script import CHECKS, GATE

HOOKS_FILE = ".pre-commit-hooks.yaml"


def hooks_file() -> str:
    """Its text. A test compares, and writes it anew with ``pytest tests/core/hooks/test_hook_file.py --update``."""
    # Files that a commit removes reach no hook, and long lists come in pieces: all that is staged is looked at, once.
    return f"""\
# Made from core/hooks/hook_file.py; a test compares. In .pre-commit-config.yaml:
#
#   - repo: <where twinpage is>
#     rev: <a version>
#     hooks:
#       - id: twinpage
#         args: [--vault, notes]  # where the vault is not at the top; one such entry for each vault
#
- id: twinpage
  name: twinpage
  description: Refuses a commit that breaks the business model of a vault, or whose notes and artifact files differ.
  entry: {GATE}
  language: python
  pass_filenames: false
  always_run: true
  require_serial: true
  stages: [{", ".join(CHECKS)}, manual]
  minimum_pre_commit_version: 3.2.0
"""
