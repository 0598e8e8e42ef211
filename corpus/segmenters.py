"""Text to words: a segmenter is a callable `str -> list[str]`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache

Segmenter = Callable[[str], list[str]]


@lru_cache(maxsize=1)
def _jieba() -> Segmenter:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()

    def words(text: str) -> list[str]:
        return list(tokenizer.lcut(text))

    return words


def segment(text: str) -> list[str]:
    """Words of a text by jieba, with a dictionary of our own process-wide tokenizer; nothing is lost.

    >>> "".join(segment("走访慰问侨胞1700余人次"))
    '走访慰问侨胞1700余人次'
    """
    return _jieba()(text)


@lru_cache(maxsize=1 << 12)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a sentence, kept for the next time that it is asked for."""
    return tuple(segment(text))
