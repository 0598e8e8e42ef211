"""Text to words: a segmenter is a callable `str -> list[str]` that loses nothing; which one is asked for by name."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from .decoding import decode, is_binary
from .errors import DataError, InputError
from .lexicons import Words

Segmenter = Callable[[str], list[str]]
LONGEST_WORD = 40
PKUSEG_FILES = ("features.msgpack", "weights.npz")
OWN_JIEBA = "jianbao_jieba"


@dataclass(frozen=True, slots=True)
class Segmentation:
    """Which segmenter cuts the text: its name, the folder of its model, a file of words that are never cut.

    Raises:
        InputError: where the name is none of `NAMES`, or a segmenter that needs a model has none.
    """

    name: str = "characters"
    model: Path | None = None
    words: Path | None = None
    # When the files were last changed: a setting whose files have changed since is another one.
    _changed: tuple[int, ...] = field(init=False, repr=False, default=())

    def __post_init__(self) -> None:
        if self.name not in NAMES:
            raise InputError(f"no segmenter is called {self.name!r}: choose {', '.join(NAMES)} (没有这种分词器)")
        if NAMES[self.name].learned != (self.model is not None):
            needs = "needs the folder of a model" if NAMES[self.name].learned else "takes no model"
            raise InputError(f"{self.name}: {needs}; see --segmenter-model (分词模型文件夹)")
        object.__setattr__(self, "_changed", tuple(map(_stamp, self.files)))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files whose content decides how text is cut: the words, and those of the model."""
        words = () if self.words is None else (self.words,)
        return words if self.model is None else (*words, *(self.model / name for name in PKUSEG_FILES))

    def segmenter(self) -> Segmenter:
        """The segmenter itself, made once for each setting.

        Raises:
            InputError: where its package is not installed, or its model or words cannot be read.
            DataError: with file and line where the words are broken.
        """
        return _made(self)


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # told when it is read
        return 0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of segmenter: the package that it needs, the extra that brings it, whether it takes a learned model."""

    make: Callable[[Path | None], Segmenter]
    package: str
    extra: str
    learned: bool = False


def _characters(model: Path | None) -> Segmenter:
    return list


def _jieba(model: Path | None) -> Segmenter:
    cut = _jieba_tokenizer().lcut
    return lambda text: list(cut(text))


def _jieba_tokenizer() -> Any:
    """A tokenizer with a dictionary of its own: jieba's cache in the temporary folder may be anybody's."""
    tokenizer = _own_jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


@cache
def _own_jieba() -> Any:
    """A copy of jieba that nobody else's calls reach: `del_word` and `setLogLevel` hold for a whole process."""
    found = find_spec("jieba")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    places = found.submodule_search_locations
    spec = spec_from_file_location(OWN_JIEBA, found.origin, submodule_search_locations=places)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("No module named 'jieba'", name="jieba")
    module = sys.modules[OWN_JIEBA] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _rjieba(model: Path | None) -> Segmenter:
    cut = import_module("rjieba").Jieba().cut
    return lambda text: list(cut(text))


def _pkuseg(model: Path | None) -> Segmenter:
    cut = _pkuseg_model(model).cut
    return lambda text: _whole(text, cut(text))


def _pkuseg_model(model: Path | None) -> Any:
    """The model of a folder, with the dictionary that comes with the package; pkuseg itself checks no sizes."""
    package = import_module("spacy_pkuseg")
    found = package.pkuseg(str(_folder(model)), user_dict="default")
    sizes, places = (found.n_feature, found.n_tag), found.feature_extractor.feature_to_idx.values()
    if (found.model.n_feature, found.model.n_tag) != sizes or not all(0 <= place < sizes[0] for place in places):
        raise ValueError("its features and weights are not of one training")
    return found


def _spacy(mode: str) -> Callable[[Path | None], Segmenter]:
    def make(model: Path | None) -> Segmenter:
        nlp: Any = import_module("spacy.lang.zh").Chinese()
        nlp.tokenizer.segmenter = mode
        if mode == "jieba":
            nlp.tokenizer.jieba_seg = _jieba_tokenizer()
        elif mode == "pkuseg":
            nlp.tokenizer.pkuseg_seg = _pkuseg_model(model)

        def cut(text: str) -> list[str]:
            with nlp.memory_zone():  # else spaCy keeps every word that it ever saw
                return _whole(text, [token.text for token in nlp.tokenizer(text)])

        return cut

    return make


def _folder(model: Path | None) -> Path:
    """The folder of a model, whole: where a file is missing pkuseg looks for older ones, pickles among them."""
    if model is None or not all((model / name).is_file() for name in PKUSEG_FILES):
        raise InputError(
            f"{model}: holds no pkuseg model; make one with `jianbao train --segmenter pkuseg --out FOLDER` (没有分词模型)"
        )
    return model.resolve()


NAMES: dict[str, Kind] = {
    "characters": Kind(_characters, "", ""),
    "jieba": Kind(_jieba, "jieba", "segmenters"),
    "rjieba": Kind(_rjieba, "rjieba", "segmenters"),
    "pkuseg": Kind(_pkuseg, "spacy_pkuseg", "segmenters", learned=True),
    "spacy": Kind(_spacy("char"), "spacy", "segmenters"),
    "spacy-jieba": Kind(_spacy("jieba"), "spacy", "segmenters"),
    "spacy-pkuseg": Kind(_spacy("pkuseg"), "spacy", "segmenters", learned=True),
}


DEFAULT = Segmentation()
# What the models that look at words instead of characters were fitted on.
WORDS = Segmentation("jieba")


# Segmenters whose every word is a character.
CHARACTERS = frozenset({"characters", "spacy"})


@lru_cache(maxsize=8)
def _made(setting: Segmentation) -> Segmenter:
    kind = NAMES[setting.name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cut = kind.make(setting.model)
    except ImportError as error:
        raise InputError(
            f"{setting.name}: {error.name or kind.package} is not installed: pip install 'jianbao[{kind.extra}]'"
            " (未安装该分词器)"
        ) from None
    except (InputError, DataError):
        raise
    except Exception as error:
        raise _unusable(setting, error) from None
    return cut if setting.words is None else protected(cut, read_words(setting.words))


def _unusable(setting: Segmentation, error: Exception) -> InputError:
    reason = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    if setting.model is None:
        return InputError(f"{setting.name}: does not start: {reason}; install its package again (分词器无法启动)")
    return InputError(
        f"{setting.model}: is no model that {setting.name} can read: {reason}; train it again with"
        " `jianbao train --segmenter pkuseg` (分词模型已损坏)"
    )


def _whole(text: str, words: Sequence[str]) -> list[str]:
    """The words with what the segmenter dropped between them, white space mostly, as words of its own."""
    whole: list[str] = []
    position = 0
    for word in words:
        place = text.find(word, position) if word else -1
        if place < 0:
            continue
        if place > position:
            whole.append(text[position:place])
        whole.append(word)
        position = place + len(word)
    return [*whole, text[position:]] if position < len(text) else whole


def protected(cut: Segmenter, words: Sequence[str]) -> Segmenter:
    """The segmenter, but for words that are never cut: the longest from the left.

    >>> protected(list, ["侨助工坊"])("设侨助工坊2家")
    ['设', '侨助工坊', '2', '家']
    """
    if not words:
        return cut
    finder = Words(words)

    def segment(text: str) -> list[str]:
        return apart(cut, text, [(start, end) for _, start, end in finder.find(text, 0, len(text))])

    return segment


def apart(cut: Segmenter, text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The words of a text in which each of the spans, which come in order and do not overlap, is one word."""
    found: list[str] = []
    position = 0
    for start, end in spans:
        if start > position:
            found += cut(text[position:start])
        found.append(text[start:end])
        position = end
    return found + cut(text[position:]) if position < len(text) else found


def read_words(path: Path) -> tuple[str, ...]:
    """The words of a user dictionary: one a line; what follows behind a blank (frequency, tag) is left aside.

    Raises:
        InputError: where the file cannot be read, or is no text.
        DataError: with file and line where a word is too long, or a row holds more than word, frequency and tag.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error} (无法读取词典)") from None
    if is_binary(data):
        raise InputError(f"{path}: is no text file; save the words one a line as text (词典须为文本文件)")
    words: dict[str, None] = {}
    for number, line in enumerate(decode(data).text.split("\n"), start=1):
        cells = line.split()
        if not cells or line.startswith("#"):
            continue
        if len(cells) > 3 or len(cells[0]) > LONGEST_WORD or (len(cells) > 1 and not _is_more(cells[1:])):
            raise DataError(f"{path}:{number}: expected a word, or word, frequency and tag, found {line[:40]!r} (词典)")
        words[cells[0]] = None
    return tuple(words)


def _is_more(cells: Sequence[str]) -> bool:
    """Whether the cells behind a word are frequency and tag, as other segmenters' dictionaries have them."""
    tag = cells[-1] if len(cells) == 2 or not cells[0].isdigit() else ""
    return (len(cells) == 1 or cells[0].isdigit()) and (not tag or (tag.isascii() and tag.isalnum()))


@cache
def _default() -> Segmenter:
    return DEFAULT.segmenter()


def segment(text: str) -> list[str]:
    """Words of a text by the default segmenter; nothing is lost.

    >>> "".join(segment("走访慰问侨胞1700余人次"))
    '走访慰问侨胞1700余人次'
    """
    return _default()(text)


@lru_cache(maxsize=1 << 12)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a sentence, kept for the next time that it is asked for."""
    return tuple(segment(text))
