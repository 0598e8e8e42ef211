"""The functions of the public face: `extract`, `merged_brands`, `read`, `run` and `read_tables`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..corpus.article import Article
from ..corpus.domain import Domain
from ..corpus.lexicons import in_force
from ..corpus.reading import from_text, read
from ..corpus.records import Records
from ..extractors.variants import MergedBrand, merged
from .extraction import Pipeline, without_refusals
from .outputs import read_tables
from .run import run

__all__ = ["extract", "merged_brands", "read", "read_tables", "run"]


def extract(
    text: str | Article, *, published: date | None = None, region: str | None = None, domain: Domain | None = None
) -> Records:
    """Records of a text: indicators, brands and activity types, with offsets into the text as given.

    `published` (for 今年 and the like) and `region` (adcode of the division that reports) overrule what the text says.
    Line ends must be `\\n`; `jianbao.read` sees to that for files. `domain` adds its rows to the lexicons for this call.

    >>> records = extract("累计走访慰问侨胞1700余人次，发放慰问资金40余万元。")
    >>> [(found.text, str(found.quantity.high), found.measure) for found in records.indicators]
    [('1700余人次', '1800', '走访慰问侨胞'), ('40余万元', '500000', '发放慰问资金')]
    """
    with in_force(domain):
        article = from_text(text) if isinstance(text, str) else text
    if published is not None:
        article = replace(article, published=published)
    if region is not None:
        article = replace(article, region=region)
    return without_refusals(Pipeline(domain=domain)(article))


def merged_brands(records: Records, *, domain: Domain | None = None) -> tuple[MergedBrand, ...]:
    """The brands of one article, each once, with the names under which it is told and the number of mentions; `domain` is
    the one that the records were made with.

    >>> records = extract("区侨联打造“金达莱姐姐调解队”服务品牌。“金达莱姐姐”服务品牌走访侨眷46户。")
    >>> [(brand.name, brand.variants, brand.count) for brand in merged_brands(records)]
    [('金达莱姐姐调解队', ('金达莱姐姐调解队', '金达莱姐姐'), 2)]
    """
    with in_force(domain):
        return merged(records.brands)
