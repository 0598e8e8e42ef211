"""Hand-cut sentences in, the folder of a pkuseg model out: by pkuseg's own trainer, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..corpus.decoding import decode, is_binary
from ..corpus.errors import InputError, OutputError
from ..corpus.segmenters import PKUSEG_FILES
from ..corpus.sources import readable

WORDS = Path(__file__).parents[1] / "corpus" / "words" / "train.txt"
# pkuseg prints, sets settings for a whole process and shuffles by the shared dice; with fewer sentences than
# weight updates it divides by zero. It scores itself on a second file as it goes, for which one sentence will do.
_TRAINER = """
import random, sys
import spacy_pkuseg
from spacy_pkuseg.config import config
sentences, sample, out, count = sys.argv[1:]
config.nUpdate = min(config.nUpdate, int(count))
random.seed(20240131)
spacy_pkuseg.train(sentences, sample, out)
"""


def train_pkuseg(words: Path, out: Path) -> int:
    """Train a pkuseg model on a file of sentences, one a line, words parted by blanks; returns the sentences learned.

    The same sentences give the same bytes. A model that is there already is replaced when the new one is whole.

    Raises:
        InputError: where the file cannot be read, is no text or holds no words, pkuseg is not installed or fails.
        OutputError: where the folder cannot be written.
    """
    if find_spec("spacy_pkuseg") is None:
        raise InputError("spacy_pkuseg is not installed: pip install 'jianbao[segmenters]' (训练需要 spacy-pkuseg)")
    sentences = _sentences(words)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="training-", dir=out.resolve()) as place:
            for path in _train(words, sentences, Path(place)):
                path.replace(out / path.name)
    except OSError as error:
        raise OutputError(f"{readable(out)}: cannot be written: {error.strerror or error} (无法写入)") from None
    return len(sentences)


def _sentences(words: Path) -> list[str]:
    try:
        data = words.read_bytes()
    except OSError as error:
        raise InputError(f"{readable(words)}: cannot be read: {error.strerror or error} (无法读取)") from None
    lines = [] if is_binary(data) else [" ".join(line.split()) for line in decode(data).text.split("\n")]
    found = [line for line in lines if line]
    if not found:
        raise InputError(
            f"{readable(words)}: holds no sentences; write one a line, words parted by blanks (没有分好词的句子)"
        )
    return found


def _train(words: Path, sentences: list[str], place: Path) -> list[Path]:
    """Run the trainer in a folder, which takes its temporary files too; gives the files of the model."""
    files = {"sentences.txt": sentences, "sample.txt": sentences[:1]}
    for name, lines in files.items():
        (place / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    here = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(place)) | {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", _TRAINER, *files, "model", str(len(sentences))]
    done = subprocess.run(command, cwd=place, env=os.environ | here, capture_output=True, text=True, errors="replace")
    made = [place / "model" / name for name in PKUSEG_FILES]
    if done.returncode or not all(path.is_file() for path in made):
        reason = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise InputError(f"{readable(words)}: pkuseg cannot learn from it: {reason} (分词模型训练失败)")
    return made
