"""How well and how fast pages are read, beside other libraries in the same run, as Markdown tables.

    python tests/benchmarks/pages.py [--rounds 3]

Pages: `tests/pages` (ours, each with a sidecar that says what is expected) and `../shared/html` where it is there. Body: F1 of the
characters as a multiset, blanks ignored, mean by kind of page. For shared pages the reference is the text of the element that holds
the article, chosen by hand (`REFERENCES`), and beside it the expected file where there is one. Speed: all pages, the
best of the rounds; every library reads the same bytes (those that want a string get one decoded by us, not counted).
"""

# pyright: reportMissingImports=false
# The peers are installed by who compares.

from __future__ import annotations

import argparse
import json
import logging
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jianbao.corpus.body import body_spans
from jianbao.corpus.flattening import flatten
from jianbao.corpus.heading import read_heading
from jianbao.corpus.limits import DEFAULT
from jianbao.corpus.page_dates import day_of
from jianbao.corpus.page_decoding import decode_page, tree_of
from jianbao.corpus.pages import read_html

OWN = Path(__file__).parents[1] / "pages"
SHARED = Path(__file__).parents[2].parent / "shared" / "html"

# Shared pages that hold an article: where it stands, and the day that the page shows for it ('' where it shows no year).
REFERENCES: dict[str, tuple[str, str]] = {
    "gne_163_1": ("//*[@id='endText']", "2019-09-07"),
    "gne_163_7": ("//*[@id='endText']", "2019-11-25"),
    "gne_163_9": ("//*[@id='content']", "2019-05-17"),
    "gne_baijiahao_1": ("//*[@class='article-content']", ""),
    "gne_baijiahao_2": ("//*[@class='article-content']", ""),
    "gne_baijiahao_3": ("//*[@class='article-content']", ""),
    "gne_baijiahao_4": ("//*[@class='article-content']", ""),
    "gne_cjn_1": ("//*[@class='TRS_Editor']", "2020-10-04"),
    "gne_csdn_1": ("//*[@class='con news_content']", "2014-08-24"),
    "gne_ednchina_1": ("//*[@class='article_text']", "2019-09-25"),
    "gne_gamersky_gamersky": ("//*[@class='gsAreaContextArt']", "2019-09-05"),
    "gne_gsc_1": ("//*[@class='detailCon']", "2019-05-18"),
    "gne_guancha_2": ("//*[@class='content all-txt']", "2019-09-07"),
    "gne_guancha_3": ("//*[@class='content all-txt']", "2019-09-09"),
    "gne_guancha_guancha": ("//*[@class='content all-txt']", "2019-09-07"),
    "gne_hexun_1": ("//*[@class='art_contextBox']", "2019-09-26"),
    "gne_ifeng_1": ("//*[@class='text-3zQ3cZD4']", "2019-11-25"),
    "gne_ifeng_2": ("//*[@class='text-3zQ3cZD4']", "2019-09-09"),
    "gne_ifeng_ifeng": ("//*[@class='text-3zQ3cZD4']", "2019-09-07"),
    "gne_mingridapan_1": ("//*[@class='page_art_content']", "2019-09-26"),
    "gne_njxfhn_1": ("//*[@class='post-body']", "2019-09-11"),
    "gne_qq_qq": ("//*[@class='content-article']", "2019-09-07"),
    "gne_sina_1": ("//*[@id='article']", "2019-11-25"),
    "gne_sina_2": ("//*[@id='artibody']", "2018-12-28"),
    "gne_sina_3": ("//*[@id='artibody']", "2019-09-09"),
    "gne_sina_5": ("//*[@id='article']", "2019-10-23"),
    "gne_stcn_1": ("//*[@id='ctrlfscont']", "2019-09-26"),
    "gne_sxmu_1": ("//*[@id='vsb_content']", "2018-05-17"),
    "gne_thepaper_1": ("//*[@class='news_txt']", "2019-09-24"),
    "gne_toutiao_2": ("//*[@class='info-box-inner']//*[contains(@class,'abstract')]", "2019-09-08"),
    "gne_toutiao_3": ("//*[@class='article-content']", "2019-09-09"),
    "gne_toutiao_4": ("//*[@class='article-content']", "2019-11-25"),
    "gne_toutiao_5": ("//*[@class='article-content']", "2020-03-09"),
    "gne_toutiao_toutiao": ("//*[@class='article-content']", "2019-09-04"),
    "gne_xinhuanet_1": ("//*[@id='p-detail']", "2019-12-10"),
    "gne_zsnews_1": ("//td[p]", "2019-03-06"),
    "gerapy_detail_china_news1": ("//*[@class='left_zw']", "2020-07-04"),
    "gerapy_detail_ifeng_news1": ("//*[@class='text-3zQ3cZD4']", "2019-02-20"),
    "gerapy_detail_ifeng_news1_detail_20220630": ("//*[@class='text-3w2e3DBc']", "2019-02-20"),
    "stat_communiques_wanzai_2015": ("//ucapcontent", "2017-05-15"),
    "stat_communiques_yichun_2022": ("//ucapcontent", "2023-04-18"),
    "webmainbench_7cdb7231-933": ("", ""),
}
KINDS = {"gne": "news", "gerapy": "news", "stat": "government", "webmainbench": "tutorial"}
# Pages whose window's title is the column's or joins it to the article's: where they show the article's own.
SHOWN_TITLES = {"gne_gsc_1": "//*[@class='xq_fonts']/h5", "gne_zsnews_1": "//*[@class='Title']/b"}
_MARKS = re.compile(r"[\W_]+")
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"\s*[_|]\s*|\s+-+\s*|--+|-(?=[^-]{2,12}(?:-[^-]{2,12})?$)")


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what is expected of it; `texts` are references for the body, by where they come from; `article` or list."""

    name: str
    kind: str
    data: bytes
    article: bool
    titles: tuple[str, ...]
    published: str
    texts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a library reads: text of the body, title, day; None where it does not tell."""

    text: str = ""
    title: str | None = None
    published: str | None = None


def own_pages() -> Iterator[Page]:
    for sidecar in sorted(OWN.glob("*.json")):
        told = json.loads(sidecar.read_text(encoding="utf-8"))
        body = "\n".join(told["body"])
        data = sidecar.with_suffix(".html").read_bytes()
        kind = told["kind"]
        yield Page(sidecar.stem, kind, data, bool(body), (told["title"],), told["published"], {"expected": body})


def shared_pages() -> Iterator[Page]:
    if not (SHARED / "manifest.json").exists():
        return
    for row in json.loads((SHARED / "manifest.json").read_text(encoding="utf-8")):
        path = SHARED / Path(row["file"]).name
        article = "list" not in row.get("kind", "")
        texts = references(path, row) if article else {}
        kind = KINDS[path.stem.partition("_")[0]] if article else "list"
        published = REFERENCES.get(path.stem, ("", ""))[1]
        yield Page(path.stem, f"shared {kind}", path.read_bytes(), article, shared_titles(path, row), published, texts)


def references(path: Path, row: dict[str, Any]) -> dict[str, str]:
    """The article's element as text, and the expected file: a person's, or what another extractor gave."""
    found = {}
    place = REFERENCES[path.stem][0]
    if place:
        found["element"] = element_text(path.read_bytes(), place)
    if "expected" in row:
        expected = (SHARED / Path(row["expected"]).name).read_text(encoding="utf-8")
        gne = "GNE" in row["expected_kind"]
        found["gne" if gne else "expected"] = json.loads(expected)["content"] if gne else unmarked(expected)
    return found


def unmarked(markdown: str) -> str:
    return re.sub(r"^#+ |^```\w*$|`", "", markdown, flags=re.MULTILINE)


def element_text(data: bytes, place: str) -> str:
    root = tree_of(decode_page(data).text)
    for tag in ("script", "style"):
        for element in list(root.iter(tag)):
            element.text = ""
    return "\n".join("".join(element.itertext()) for element in root.xpath(place))


def shared_titles(path: Path, row: dict[str, Any]) -> tuple[str, ...]:
    """The titles that count as right: the window's title with or without what stands behind its separators."""
    if path.stem in SHOWN_TITLES:
        return (element_text(path.read_bytes(), SHOWN_TITLES[path.stem]),)
    if "title" not in row:
        return (element_text(path.read_bytes(), "(//h1)[1]"),)
    written = row["title"].strip()
    pieces = [piece for piece in _SEPARATORS.split(written) if piece]
    return (max(pieces, key=len), written) if len(pieces) > 1 else (written,)


# --- libraries


def ours(data: bytes) -> Reading:
    document = next(read_html(data, DEFAULT))
    body = "".join(document.text[start:end] for start, end in document.body or ())
    return Reading(body, document.title, str(document.published or ""))


def flattened_only(data: bytes) -> Reading:
    """What is read without the page's elements: its flattened text as if it were a text file."""
    text = flatten(tree_of(decode_page(data).text), DEFAULT).text
    heading = read_heading(text)
    body = "".join(text[start:end] for start, end in body_spans(text, heading.title))
    return Reading(body, heading.title, str(heading.published or ""))


def trafilatura_with(**options: Any) -> Callable[[bytes], Reading]:
    def read(data: bytes) -> Reading:
        from trafilatura import bare_extraction

        found: Any = bare_extraction(data, with_metadata=True, include_comments=False, **options)
        return Reading(found.text or "", found.title or "", found.date or "") if found else Reading("", "", "")

    return read


def trafilatura_located(data: bytes) -> Reading:
    """Its paragraphs found again in the flattened text, what our body rules mask left out; ours where it finds little."""
    from trafilatura import extract

    text = flatten(tree_of(decode_page(data).text), DEFAULT).text
    heading = read_heading(text)
    ours = "\n".join(text[start:end] for start, end in body_spans(text, heading.title))
    found = {key(line) for line in (extract(data, include_comments=False) or "").splitlines()}
    lines = [line for line in ours.splitlines() if key(line) in found]
    return Reading("\n".join(lines) if len("".join(lines)) > 60 else ours, heading.title, str(heading.published or ""))


def key(text: str) -> str:
    return _MARKS.sub("", text)


def readability(data: bytes) -> Reading:
    from lxml import html
    from readability import Document

    found = Document(decode_page(data).text)
    try:
        return Reading(html.fromstring(found.summary()).text_content(), found.short_title())
    except Exception:  # it raises bare errors of several kinds where it finds nothing
        return Reading("", "")


def justext(data: bytes) -> Reading:
    import justext as library

    found = library.justext(decode_page(data).text, frozenset(), 20, 60, stopwords_low=0, stopwords_high=0)
    return Reading("\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate))


def gne(data: bytes) -> Reading:
    from gne import GeneralNewsExtractor

    try:
        found = GeneralNewsExtractor().extract(decode_page(data).text)
    except Exception:  # the same
        return Reading("", "", "")
    return Reading(found["content"], found["title"], str(day_of(found["publish_time"] or "") or ""))


LIBRARIES: dict[str, tuple[str, Callable[[bytes], Reading]]] = {
    "ours": ("lxml", ours),
    "ours, flattened text only": ("lxml", flattened_only),
    "trafilatura": ("trafilatura", trafilatura_with()),
    "trafilatura fast": ("trafilatura", trafilatura_with(fast=True)),
    "trafilatura precision": ("trafilatura", trafilatura_with(favor_precision=True)),
    "trafilatura recall": ("trafilatura", trafilatura_with(favor_recall=True)),
    "trafilatura + our body rules": ("trafilatura", trafilatura_located),
    "readability-lxml": ("readability", readability),
    "jusText": ("justext", justext),
    "gne": ("gne", gne),
}


# --- figures


def f1(found: str, expected: str) -> float:
    """F1 of the characters as a multiset, blanks ignored."""
    told, known = (Counter(_BLANKS.sub("", text)) for text in (found, expected))
    total = told.total() + known.total()
    return 2 * (told & known).total() / total if total else 1.0


def is_title(found: str | None, page: Page) -> bool:
    return key(found or "") in {key(title) for title in page.titles}


def mean(values: list[float]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "-"


@cache
def all_pages() -> tuple[Page, ...]:
    return (*own_pages(), *shared_pages())


def quality(read: Callable[[bytes], Reading]) -> dict[str, list[float]]:
    """Body F1 by kind of page and reference; titles and days as rows of 0 and 1; lists that give no text."""
    scores: dict[str, list[float]] = defaultdict(list)
    for page in all_pages():
        found = read(page.data)
        place = "shared" if page.kind.startswith("shared") else "own"
        if not page.article:
            scores[f"{place}: no article, no text"].append(float(not found.text.strip()))
            continue
        for origin, text in page.texts.items():
            scores[f"F1 {page.kind} ({origin})"].append(f1(found.text, text))
        scores[f"{place}: title right"].append(float(is_title(found.title, page)))
        if found.published is not None:
            scores[f"{place}: date right"].append(float(found.published[:10] == page.published))
    return scores


def speed(read: Callable[[bytes], Any], rounds: int) -> float:
    """Pages a second over all pages, the best round."""
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for page in all_pages():
            read(page.data)
        best = min(best, time.perf_counter() - start)
    return len(all_pages()) / best


def extract_alone(data: bytes) -> Any:
    from trafilatura import extract

    return extract(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    logging.disable(logging.CRITICAL)
    chosen = {name: read for name, (module, read) in LIBRARIES.items() if find_spec(module)}
    results = {name: quality(read) for name, read in chosen.items()}
    rows = sorted({row for scores in results.values() for row in scores}, key=lambda row: (row[:2] == "F1", row))
    print("| " + " | ".join(["", "pages", *chosen]) + " |\n" + "| --- " * (len(chosen) + 2) + "|")
    for row in rows:
        counts = {len(scores[row]) for scores in results.values() if row in scores}
        cells = [
            mean(scores.get(row, [])) if row[:2] == "F1" else tally(scores.get(row, [])) for scores in results.values()
        ]
        print(f"| {row} | {max(counts)} | " + " | ".join(cells) + " |")
    speeds = {name: speed(read, rounds) for name, read in chosen.items()}
    print("| pages a second | | " + " | ".join(f"{value:.0f}" for value in speeds.values()) + " |")
    if find_spec("trafilatura"):
        alone = speed(extract_alone, rounds)
        print(
            f"\ntrafilatura.extract alone: {alone:.0f} pages a second; ours is {speeds['ours'] / alone:.2f} times that"
        )


def tally(values: list[float]) -> str:
    return f"{sum(values):.0f}/{len(values)}" if values else "-"


if __name__ == "__main__":
    main()
