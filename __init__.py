"""jianbao (简报): Chinese work bulletins in, tables of indicators, brands and activity types out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .corpus.article import Article as Article
    from .corpus.domain import Domain as Domain
    from .corpus.records import Records as Records
    from .pipeline.face import extract as extract
    from .pipeline.face import merged_brands as merged_brands
    from .pipeline.face import read as read
    from .pipeline.face import read_tables as read_tables
    from .pipeline.face import run as run
    from .pipeline.frame_batches import extract_frame as extract_frame
    from .pipeline.frame_batches import extract_frames as extract_frames
    from .pipeline.frame_batches import frame_schema as frame_schema
    from .pipeline.frames import frame as frame
    from .pipeline.frames import totals as totals
    from .pipeline.notebook import show as show

__version__ = "0.1.0"
_HOMES = {
    "Article": "corpus.article",
    "Domain": "corpus.domain",
    "Records": "corpus.records",
    "extract": "pipeline.face",
    "extract_frame": "pipeline.frame_batches",
    "extract_frames": "pipeline.frame_batches",
    "frame": "pipeline.frames",
    "frame_schema": "pipeline.frame_batches",
    "merged_brands": "pipeline.face",
    "read": "pipeline.face",
    "read_tables": "pipeline.face",
    "run": "pipeline.face",
    "show": "pipeline.notebook",
    "totals": "pipeline.frames",
}
__all__ = [
    "Article", "Domain", "Records", "__version__", "extract", "extract_frame", "extract_frames", "frame", "frame_schema",
    "merged_brands", "read", "read_tables", "run", "show", "totals",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
