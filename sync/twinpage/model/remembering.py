"""What is worked out from people's texts and kept, so that it is not worked out twice, until somebody rests."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

T = TypeVar("T")
_FORGETTING: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """Like ``lru_cache``, for what ``forget_texts`` shall forget: at most so many answers are kept."""

    def around(function: Callable[..., T]) -> _lru_cache_wrapper[T]:
        cached = lru_cache(most)(function)
        _FORGETTING.append(cached.cache_clear)
        return cached

    return around


def forget_texts() -> None:
    """Forget it all. A handful of answers, made amid much work, can keep megabytes from the system for hours."""
    for forget in _FORGETTING:
        forget()
