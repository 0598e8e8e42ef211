"""An element of a web page in, what its tag, its names and its style say out: unseen, a block, around an article."""

from __future__ import annotations

import re
from typing import Any

from .flat_pages import Block

_UNSEEN_TAGS = """
script style noscript template head title svg math iframe frame object embed applet select option datalist
textarea audio video canvas map
"""
UNSEEN = frozenset(_UNSEEN_TAGS.split())
_BLOCK_TAGS = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noframes ol p pre section
summary table tbody td tfoot th thead tr ul ucapcontent
"""
BLOCKS = frozenset(_BLOCK_TAGS.split())
_HOLDER_TAGS = """
article aside blockquote body center dd div dl fieldset footer form header li main nav ol section table td
ucapcontent ul
"""
HOLDERS = frozenset(_HOLDER_TAGS.split())
_NEVER_TAGS = frozenset(("footer", "nav"))
CELLS = frozenset(("td", "th"))
_UNDISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
LONGEST_NAMES = 300
# Names of elements that content systems of Chinese sites put around an article and nothing else.
_ARTICLE_NAME = re.compile(
    r"(?:^|\s)(?:js_content|rich_media_content|trs_\w*editor\w*|trs_web|ucapcontent|vsb_content\w*|v_news_content|zoom|zoomcon|artibody|endtext|"
    r"wp_articlecontent|xxgk[-_]?content|conttext|rm_txt_con|pages_content|art_con|post_text|post_body|"
    r"(?:article|art|news|detail|text|entry|post|info)[-_]?(?:content|body|text|con)|content[-_](?:article|text|body)|news_txt)(?:\s|$)",
    re.IGNORECASE,
)
# Words in the names of elements that never hold an article, and of those that mostly stand around one.
_NEVER_NAMES = """
comment comments cmt cmts reply replies pinglun footer foot dibu copyright copyrights disclaimer nav navbar navigation menu
"""
_NEVER_WORDS = frozenset(_NEVER_NAMES.split())
_ASIDE_NAMES = """
crumb crumbs breadcrumb breadcrumbs sidebar aside related relate relevant recommend recommended recommendation
share sharing pagination pager rank ranking login friendlink tags prevnext siblings tuijian xiangguan bdshare bdsharebuttonbox jiathis addthis xgwz xgyd xgxw xgnews
"""
_ASIDE_WORDS = frozenset(_ASIDE_NAMES.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def is_anchor(element: Any) -> bool:
    """Whether an <a> leads anywhere, if only by a script; one that has but a name is a place in the text."""
    return element.get("href") is not None or (element.get("name") is None and element.get("id") is None)


def block_of(element: Any, tag: str, first: int) -> Block:
    """The block that an element is, from line `first` on; its names say whether it holds an article or stands around one."""
    names = names_of(element)
    named = tag == "ucapcontent" or bool(names and _ARTICLE_NAME.search(names))
    block = Block(named, first)
    if tag != "body" and not named and (names or tag == "aside" or tag in _NEVER_TAGS):
        words = _words(names)
        block.never = tag in _NEVER_TAGS or not words.isdisjoint(_NEVER_WORDS)
        block.aside = block.never or tag == "aside" or not words.isdisjoint(_ASIDE_WORDS)
    return block


def is_hidden(element: Any) -> bool:
    """Whether an element is not displayed; an article that a script would show is read all the same."""
    style = element.get("style")
    if element.get("hidden") is None and not (style and _UNDISPLAYED.search(style, 0, 1000)):
        return False
    return not _ARTICLE_NAME.search(names_of(element))


def names_of(element: Any) -> str:
    """What an element is called: its class and id."""
    return f"{element.get('class', '')[:LONGEST_NAMES]} {element.get('id', '')[:LONGEST_NAMES]}".strip()


def _words(names: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(names)}
