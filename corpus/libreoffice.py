"""A file in a format of old office programs in, the same file in a newer one out, through LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from .errors import InputError
from .limits import LimitError, Limits

PROGRAMS = ("soffice", "libreoffice")
# Ways into a network namespace that holds nothing; the first that works is taken, none where the system offers none.
_NAMESPACES = (("unshare", "--net"), ("unshare", "--user", "--map-root-user", "--net"))
# No macro runs, no link is followed or updated, nothing is loaded from outside the file.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
)
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_PROFILE = '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def program() -> str | None:
    """The path of LibreOffice, None where it is not installed."""
    return next((path for name in PROGRAMS if (path := shutil.which(name))), None)


def converted(data: bytes, suffix: str, target_suffix: str, limits: Limits) -> bytes:
    """The bytes of a file (suffix `.doc`) in another format (target suffix `.docx`), made by LibreOffice without network.

    Raises:
        InputError: where LibreOffice is not installed or does not read the file.
        LimitError: where it takes longer than `limits.seconds`.
    """
    office = program()
    if office is None:
        raise InputError(
            f"needs LibreOffice to read {suffix}: install it or save as {target_suffix}"
            f" (读取 {suffix} 需要 LibreOffice，请安装或另存为 {target_suffix})"
        )
    with TemporaryDirectory(prefix="jianbao-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        source, target = place / f"in{suffix}", place / "out" / f"in{target_suffix}"
        source.write_bytes(data)
        _run([*_bounded(limits), *_command(office, place, source, target)], place, limits)
        if not target.is_file() or not target.stat().st_size:
            raise InputError(
                f"LibreOffice cannot read this {suffix}, broken or with a password: save it as {target_suffix} without one"
                f" (LibreOffice 无法读取，文件损坏或已加密，请另存为 {target_suffix})"
            )
        if target.stat().st_size > limits.file:
            raise LimitError("file", f"{target.stat().st_size} bytes as {target_suffix}")
        return target.read_bytes()


def _command(office: str, place: Path, source: Path, target: Path) -> list[str]:
    return [
        *_namespace(),
        office,
        f"-env:UserInstallation={_profile(place).as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", target.suffix.lstrip("."), "--outdir", str(target.parent), str(source)),
    ]


def _bounded(limits: Limits) -> list[str]:
    """What holds a program to `limits.memory`, where there is a shell to say so."""
    shell = shutil.which("sh")
    return [shell, "-c", 'ulimit -v "$0"; exec "$@"', str(limits.memory >> 10)] if shell else []


def _profile(place: Path) -> Path:
    """A fresh profile, whose settings no earlier document has touched."""
    profile = place / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE.format(items=items), encoding="utf-8")
    return profile


@lru_cache(maxsize=1)
def _namespace() -> tuple[str, ...]:
    for words in _NAMESPACES:
        if shutil.which(words[0]) and _works([*words, "true"]):
            return words
    return ()


def _works(command: list[str]) -> bool:
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run(command, capture_output=True, timeout=10).returncode == 0
    return False


def _run(command: list[str], place: Path, limits: Limits) -> None:
    """Runs to its end, or to the limit, where the whole process group is killed: soffice starts children of its own."""
    quiet = subprocess.DEVNULL
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(place),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
    }
    try:
        running = subprocess.Popen(
            command, cwd=place, env=surroundings, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError as error:
        raise InputError(f"LibreOffice does not start: {error.strerror or error} (LibreOffice 无法启动)") from None
    try:
        running.wait(limits.seconds)
    except subprocess.TimeoutExpired:
        raise LimitError("seconds", f"LibreOffice took over {limits.seconds} seconds") from None
    finally:
        _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
    running.wait()
