from __future__ import annotations

from tests.repositories import nobodys_settings as nobodys_settings
