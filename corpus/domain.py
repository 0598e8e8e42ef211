"""One file of a user in, the lexicon rows that it adds out: units, nouns, cues, activity words and types, brand nouns, bodies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .decoding import decode, is_binary
from .errors import InputError
from .lexicons import BODIES, LONGEST, REFUSED, Addition, Words, in_force, rows
from .records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS
from .script import fold

MOST, WIDEST = 10_000, 300
"""Rows of a file, and characters of a name or a meaning."""
SCOPES = ("clause", "sentence", "paragraph")
_PER = ("person", "household", "each", "year", "month", "day")
_NEEDS = ("", "arabic")
_USES = ("name", "behind", "firm", "generic")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,29}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TITLE = re.compile(r"\w[\w ·、，,（）()/&'’-]{0,59}")
_NO_WORD = re.compile(r"[\s，。；！？：、,;!?:“”‘’「」『』《》\"\x00-\x1f]")
_SECTIONS = (
    "name", "bodies", "refused", "verbs", "statistics", "types", "nouns", "units", "cues", "brand_nouns",
)  # fmt: skip
_LISTS = ("bodies", "refused", "verbs", "statistics")


@dataclass(frozen=True, slots=True, repr=False)
class Domain(Addition):
    """What a user adds to the lexicons for one field of work; give it to `extract`, `run`, `read` or a `Pipeline`.

    >>> domain = Domain.of({"types": {"blood": {"chinese": "无偿献血", "english": "blood donation", "acts": ["采血"]}}})
    >>> domain.name, domain.types
    ('domain', {'blood': '无偿献血'})
    """

    notes: tuple[str, ...] = field(default=(), compare=False)
    """What the rows change of the lexicons, in words."""

    @classmethod
    def read(cls, path: Path | str) -> Domain:
        """The domain of a TOML file, in UTF-8 or GB18030; every row is checked.

        Raises:
            InputError: with file and key where something is wrong.
        """
        place = Path(path)
        return cls.of(_parsed(place), str(place), place.stem)

    @classmethod
    def of(cls, content: Mapping[str, Any], source: str = "domain", stem: str = "domain") -> Domain:
        """The domain of what a file holds; `source` is how errors call it, `stem` its name where it has none.

        Raises:
            InputError: as `read`.
        """
        reader = _Reader(source)
        reader.read(content)
        name = content.get("name", stem if _NAME.fullmatch(stem) else "domain")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise reader.fault("name", f"{name!r}: letters, digits, - and _ (名称只用字母和数字)")
        with in_force(None):
            notes = _notes(reader.made)
        return cls(name, tuple((lexicon, tuple(made)) for lexicon, made in reader.made.items()), notes)

    @classmethod
    def recorded(cls, record: Mapping[str, Any]) -> Domain:
        """The domain that `record` told."""
        told = ((name, tuple(tuple(row.split("\t")) for row in made)) for name, made in record["rows"].items())
        return cls(record["name"], tuple(told))

    def record(self) -> dict[str, Any]:
        """Its name, digest, types and rows, as `run.json` keeps them."""
        told = {name: ["\t".join(row) for row in made] for name, made in self.rows}
        return {"name": self.name, "digest": self.digest, "types": self.types, "rows": told}

    @property
    def types(self) -> dict[str, str]:
        """The activity types that it adds, with their Chinese names."""
        return {row[2]: row[8] for row in dict(self.rows).get("dictionary", ())}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error} (无法读取领域配置)") from None
    if is_binary(data):
        raise InputError(f"{path}: is no text file; save the domain as TOML in UTF-8 (领域配置须为文本文件)")
    decoded = decode(data)
    if decoded.replaced:
        raise InputError(f"{path}: holds bytes that are no {decoded.encoding}; save it in UTF-8 (编码有误)")
    try:
        content = tomllib.loads(decoded.text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: is no TOML: {error} (TOML 格式有误)") from None
    except RecursionError:
        raise InputError(f"{path}: is no domain: lists within lists without end (嵌套过深)") from None
    if not content.keys() - {"name"}:
        raise InputError(f"{path}: holds no row; sections are {', '.join(_SECTIONS[1:])} (领域配置为空)")
    return content


class _Reader:
    """Reads the sections of a domain, checks each row and remembers where each word stood."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.made: dict[str, dict[tuple[str, ...], None]] = {}
        self._seen: dict[tuple[str, str], str] = {}
        self._count = 0

    def fault(self, key: str, why: str) -> InputError:
        """The error of a key."""
        return InputError(f"{self.source}: {key}: {why}")

    def read(self, content: Mapping[str, Any]) -> None:
        """The rows of all sections."""
        self._know(content, _SECTIONS, "")
        for code, told in self._table(content, "types").items():
            self._type(f"types.{code}", code, told)
        for dimension, words in self._table(content, "nouns").items():
            self._one_of(f"nouns.{dimension}", dimension, DIMENSIONS, "dimension")
            for word in self._words(f"nouns.{dimension}", words):
                self._add("nouns", (word, dimension), f"nouns.{dimension}")
        for name, make in (("units", self._unit), ("cues", self._cue), ("brand_nouns", self._brand_noun)):
            for key, told in self._tables(content, name):
                make(key, told)
        self._lists(content)

    def _lists(self, content: Mapping[str, Any]) -> None:
        told = {name: self._words(name, content.get(name, [])) for name in _LISTS}
        for word in told["bodies"]:
            self._add(BODIES, (word,), "bodies")
            self._add("brand_nouns", (word, "", "body"), "bodies")
        for word in told["refused"]:
            self._add(REFUSED, (word,), "refused")
        for word in told["verbs"]:
            self._add("verbs", (word, ""), "verbs")
        for word in told["statistics"]:
            self._add("activities", (word, "none", "statistic"), "statistics")

    def _type(self, key: str, code: str, told: Any) -> None:
        names = ("chinese", "english", "meaning_zh", "meaning_en")
        told = self._mapping(key, told)
        self._know(told, (*names, "acts", "objects", "pairs"), key)
        if code in ACTIVITY_TYPES:
            if named := [name for name in names if name in told]:
                raise self.fault(f"{key}.{named[0]}", f"{code} is a type of the package and keeps its name (已有类型)")
        else:
            self._name(key, code, {name: self._text(f"{key}.{name}", told.get(name, "")) for name in names})
        for role in ("act", "object"):
            for word in self._words(f"{key}.{role}s", told.get(f"{role}s", [])):
                self._add("activities", (word, code, role), f"{key}.{role}s")
        for place, pair in self._tables(told, "pairs", key):
            self._pair(place, code, pair)

    def _name(self, key: str, code: str, told: Mapping[str, str]) -> None:
        if not _CODE.fullmatch(code) or code == "none":
            raise self.fault(
                key, "a type is called by small letters, digits and _ (类型代码只用小写字母、数字和下划线)"
            )
        for name in ("chinese", "english"):
            if not told[name]:
                raise self.fault(
                    f"{key}.{name}", "a new type needs its Chinese and English name (新类型须有中英文名称)"
                )
            if not _TITLE.fullmatch(told[name]):
                raise self.fault(
                    f"{key}.{name}", f"{told[name]}: a name is words of at most 60 characters (名称只用文字)"
                )
        taken = {**{name: code for code, name in ACTIVITY_TYPES.items()}, **self._named()}
        if told["chinese"] in taken:
            raise self.fault(f"{key}.chinese", f"{told['chinese']} is the name of {taken[told['chinese']]} (名称重复)")
        meanings = (told["meaning_en"] or told["english"], told["meaning_zh"] or told["chinese"])
        row = ("codes", "activity", code, "", "", "", "", told["english"], told["chinese"], *meanings)
        self._add("dictionary", row, key, of=code)

    def _named(self) -> dict[str, str]:
        return {row[8]: row[2] for row in self.made.get("dictionary", ())}

    def _pair(self, key: str, code: str, told: Mapping[str, Any]) -> None:
        """A general verb and its object: 投放 × AED."""
        self._know(told, ("verbs", "objects"), key)
        group = f"domain {key}"
        verbs, objects = (self._words(f"{key}.{name}", told.get(name, [])) for name in ("verbs", "objects"))
        if not verbs or not objects:
            raise self.fault(key, "needs verbs and objects (须有动词和宾语)")
        for word in verbs:
            self._put("deeds", (word, group, "none"))
            self._put("verbs", (word, ""))
        for word in objects:
            self._put("governing", (group, word, code))

    def _unit(self, key: str, told: Mapping[str, Any]) -> None:
        self._know(told, ("word", "dimension", "unit", "english", "needs", "not_before"), key)
        word = self._word(f"{key}.word", told.get("word", ""), shortest=1)
        dimension = self._one_of(f"{key}.dimension", told.get("dimension"), DIMENSIONS, "dimension")
        needs = self._one_of(f"{key}.needs", told.get("needs", ""), _NEEDS, "need")
        base = self._word(f"{key}.unit", told.get("unit", word), shortest=1)
        if re.match(r"[0-9０-９.．〇零一二两三四五六七八九十百千万亿余多来几数]", word):
            raise self.fault(f"{key}.word", f"{word}: a unit begins with no numeral (单位不能以数字开头)")
        self._add(
            "units", (word, dimension, base, needs, self._text(f"{key}.not_before", told.get("not_before", ""))), key
        )
        if english := self._text(f"{key}.english", told.get("english", "")):
            self._put("units_en", (base, english))

    def _cue(self, key: str, told: Mapping[str, Any]) -> None:
        self._know(told, ("words", "effect", "scope", "ended_by"), key)
        effect = self._text(f"{key}.effect", told.get("effect", ""))
        per = effect.startswith("per:") and all(part in _PER for part in effect[4:].split("/"))
        if not per and effect not in ("planned", "part", "example"):
            known = f"planned, part, example, or per: and some of {'/'.join(_PER)}"
            raise self.fault(f"{key}.effect", f"{effect!r} is none of {known} (没有这种作用)")
        scope = self._one_of(f"{key}.scope", told.get("scope", "clause" if per else "sentence"), SCOPES, "scope")
        ended_by = self._text(f"{key}.ended_by", told.get("ended_by", ""))
        for word in self._words(f"{key}.words", told.get("words", [])):
            self._add("cues", (word, effect, scope, ended_by), key)

    def _brand_noun(self, key: str, told: Mapping[str, Any]) -> None:
        self._know(told, ("words", "kind", "use"), key)
        kind = self._one_of(f"{key}.kind", told.get("kind"), BRAND_KINDS, "kind of brand")
        use = self._one_of(f"{key}.use", told.get("use", "name"), _USES, "use")
        for word in self._words(f"{key}.words", told.get("words", [])):
            self._add("brand_nouns", (word, kind, use), key)

    # --- checks

    def _add(self, lexicon: str, row: tuple[str, ...], key: str, of: str = "") -> None:
        """A row, whose word stands nowhere else in its lexicon."""
        place = (lexicon, of or row[0])
        if place in self._seen:
            raise self.fault(key, f"{of or row[0]} stands twice, also in {self._seen[place]} (重复)")
        self._seen[place] = key
        self._put(lexicon, row)

    def _put(self, lexicon: str, row: tuple[str, ...]) -> None:
        self._count += 1
        if self._count > MOST:
            raise InputError(f"{self.source}: more than {MOST} rows (行数过多)")
        self.made.setdefault(lexicon, {})[row] = None

    def _know(self, told: Mapping[str, Any], known: Sequence[str], key: str) -> None:
        for name in told:
            if name not in known:
                raise self.fault(f"{key}.{name}".lstrip("."), f"no such key; choose of {', '.join(known)} (没有这个键)")

    def _mapping(self, key: str, told: Any) -> Mapping[str, Any]:
        if not isinstance(told, Mapping):
            raise self.fault(key, f"expected a table [{key}], found {_short(told)} (应为一节)")
        return told

    def _table(self, content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        return self._mapping(name, content.get(name, {}))

    def _tables(self, content: Mapping[str, Any], name: str, key: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each of the tables of an array, with its place: units[2]."""
        place = f"{key}.{name}".lstrip(".")
        found = content.get(name, [])
        if not isinstance(found, list):
            raise self.fault(place, f"expected tables [[{place}]], found {found!r} (应为多节)")
        for number, told in enumerate(found, start=1):
            yield f"{place}[{number}]", self._mapping(f"{place}[{number}]", told)

    def _one_of(self, key: str, told: Any, known: Mapping[str, str] | Sequence[str], what: str) -> str:
        if not isinstance(told, str) or told not in known:
            lost = " (it stands above the first section: 须写在第一个 [节] 之前)" if told in _LISTS else ""
            choice = ", ".join(name or '""' for name in known)
            raise self.fault(key, f"{_short(told)} is no {what}: choose of {choice} (没有这个值){lost}")
        return told

    def _text(self, key: str, told: Any) -> str:
        if not isinstance(told, str) or not told.isprintable() or len(told) > WIDEST:
            raise self.fault(
                key, f"expected at most {WIDEST} characters on one line, found {_short(told)} (应为一行文字)"
            )
        return told.strip()

    def _words(self, key: str, told: Any) -> list[str]:
        if not isinstance(told, list):
            raise self.fault(key, f'expected a list such as ["救护站"], found {_short(told)} (应为列表)')
        return [self._word(key, word) for word in told]

    def _word(self, key: str, told: Any, shortest: int = 2) -> str:
        """A word as mainland rules read it."""
        word = fold(self._text(key, told))
        if not shortest <= len(word) <= LONGEST or _NO_WORD.search(word):
            raise self.fault(
                key,
                f"{_short(told)}: a word has {shortest} to {LONGEST} characters, no blanks and no marks (词语长度或字符有误)",
            )
        return word


def _short(told: object) -> str:
    """What was found, as far as an error shows it."""
    shown = repr(told)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


# --- what changes


def _notes(made: Mapping[str, Iterable[tuple[str, ...]]]) -> tuple[str, ...]:
    """Which words mean here what they do not mean in the lexicons, and which longer words of those go before them."""
    told = (note for lexicon, tell in _TOLD.items() for note in _changes(lexicon, made.get(lexicon, ()), tell))
    return (*told, *_longer(made.get("activities", ())))


_Tell = Callable[[tuple[str, ...]], str]
_TOLD: Mapping[str, _Tell] = {
    "units": lambda row: row[1],
    "nouns": lambda row: row[1],
    "cues": lambda row: row[1],
    "activities": lambda row: f"{row[1]} ({row[2]})",
    "brand_nouns": lambda row: " ".join(filter(None, row[1:])),
}


def _changes(lexicon: str, made: Iterable[tuple[str, ...]], tell: _Tell) -> Iterator[str]:
    shipped: dict[str, list[str]] = {}
    for row in rows(lexicon):
        shipped.setdefault(row[0], []).append(tell(row))
    for row in made:
        before, told = shipped.get(row[0], []), tell(row)
        if before == [told]:
            yield f"{row[0]}: {told} here as in the package; the row may go"
        elif before:
            yield f"{row[0]}: {told} here, {', '.join(before)} in the package"


def _longer(made: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Of words that begin or hold another the longest is read: 无偿献血 stays what it is beside 献血."""
    kinds = {row[0]: row[1] for row in made}
    finder = Words(kinds)
    for word, kind, role in rows("activities") if kinds else ():
        held = [found.text for found in finder.find(word) if kinds[found.text] != kind]
        if held and word not in kinds:
            yield f"{word}: stays {kind} ({role}), though {held[0]} is {kinds[held[0]]} here; name it too if it should follow"
