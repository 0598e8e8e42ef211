"""A web page in, the names of its site, its owner and its columns out, so that none is taken for a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from .heading_credits import is_site
from .labels import ORGANISATION
from .page_tags import MOST_READ, letters_of, title_pieces, window_title, words_of
from .script import fold
from .surroundings import Surroundings

_SITES = ("sitename", "og:site_name", "application-name", "apple-mobile-web-app-title")
_COLUMNS = ("columnname", "article:section")
_FOOT = 60
_OWNED = re.compile(r"版权|copyright|©|主办|承办|备案|ICP备|地址\s*[:：]", re.IGNORECASE)
_HOME = re.compile(r"(?!$)/?(?:(?:\.\./)*|\./)?(?:(?:index|default)\.\w{3,5})?")
_SITE = re.compile(
    r"(?:网|网站|官网|频道|门户|平台|在线|之窗|客户端|动态|要闻|新闻|资讯)$|\.(?:cn|com|net|org)\b|^[A-Za-z.\s]+$"
)
_PAPER = re.compile(r"\w{2,10}报(?:数字报|电子报|电子版)?")
_SITE_SUFFIX = re.compile(r"(?:官方网站|门户网站|官网|网站|门户|(?<=报)(?:数字|电子)(?:报纸?|版))$")


def site_names(root: Any, around: Surroundings, tags: Mapping[str, str]) -> frozenset[str]:
    """Names of the site, its columns and its owner, as their letters."""
    return _sites(root, tags) | _owners(root, around)


def _sites(root: Any, tags: Mapping[str, str]) -> frozenset[str]:
    """Names that are the site's or the column's, as their letters: from tags and from the links to the home page."""
    names = [tags[name] for name in (*_SITES, *_COLUMNS) if name in tags]
    return frozenset(letters_of(name) for name in (*names, *homes(root)) if name)


def homes(root: Any) -> Iterator[str]:
    """The words of the links to the home page."""
    for link in islice(root.iter("a"), MOST_READ):
        if _HOME.fullmatch(link.get("href", "")[:60].strip()):
            yield words_of(link)[:40]


def _owners(root: Any, around: Surroundings) -> frozenset[str]:
    """Parts of the window's title that a line of copyright or record below the article names: `某某同乡会 版权所有`."""
    written = window_title(root)
    owned = [letters_of(line) for line in around.plain[around.last :][-_FOOT:] if _OWNED.search(line)]
    pieces = (letters_of(written[slice(*piece)]) for piece in title_pieces(written))
    return frozenset(piece for piece in pieces if len(piece) >= 3 and any(fold(piece) in line for line in owned))


def is_site_name(piece: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title names a site or a column."""
    piece = piece.strip()
    if letters_of(piece) in sites or len(piece) <= 6:
        return True
    plain = fold(piece)
    return len(plain) <= 20 and bool(ORGANISATION.fullmatch(plain) or _SITE.search(plain))


def site_of(root: Any, around: Surroundings, tags: Mapping[str, str]) -> str:
    """The site's own name: from tags, or the end of the window's title and the link to the home page where it is shown."""
    shown = "\n".join(around.lines[:200] + around.lines[-60:])
    written = window_title(root)
    pieces = [written[slice(*piece)] for piece in title_pieces(written)]
    pieces = pieces if len(pieces) == 1 and _PAPER.fullmatch(fold(written)) else pieces[1:]
    told = [tags[name] for name in _SITES if name in tags]
    seen = [_without_suffix(name.strip()) for name in (*reversed(pieces), *homes(root))]
    names = (*map(_without_suffix, told), *(name for name in seen if name and name in shown))
    return next((name for name in names if 3 <= len(name) <= 24 and is_site(fold(name))), "")


def _without_suffix(name: str) -> str:
    """A site's name without what calls it a site."""
    return name[: len(_SITE_SUFFIX.sub("", fold(name)))]
