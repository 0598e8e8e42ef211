"""The command line for tests: in this process, or as one of its own."""

from __future__ import annotations

import sys

from click.testing import CliRunner, Result
from jianbao.pipeline.command import main

COMMAND = [sys.executable, "-c", "from jianbao.pipeline.command import main; main(prog_name='jianbao')"]


def invoke(*words: object, typed: bytes | None = None) -> Result:
    """The command in this process; whatever it raises besides its exit status is the test's failure."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result
