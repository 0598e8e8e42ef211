"""Words of the command line in, paths and addresses of shared storage out; where an address cannot be taken, that is told."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..corpus.errors import InputError
from ..corpus.stores import Address, place_of


class _Here(click.Path):
    """A path of this machine."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        place = place_of(value) if isinstance(value, str) else value
        if isinstance(place, Address):
            command = ctx.info_name if ctx is not None else "this"
            raise InputError(
                f"{place}: `jianbao {command}` takes no address of shared storage here, only `jianbao run` does: copy it to"
                " this machine first (此处只接受本机路径，请先复制到本机)"
            )
        return Path(str(super().convert(value, param, ctx)))


class _Anywhere(click.Path):
    """A path of this machine, or an address of shared storage."""

    def convert(  # type: ignore[override]
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> Path | Address:
        place = place_of(value) if isinstance(value, str) else Path(value)
        return place if isinstance(place, Address) else Path(str(super().convert(place, param, ctx)))


HERE = _Here(path_type=Path)
ANYWHERE = _Anywhere(path_type=Path)
