"""Promises of archives: members come under harmless names, what is damaged or too much is told, the others go on."""

from __future__ import annotations

import gzip
import io
import lzma
import random
import tarfile
import time
import tracemalloc
import zipfile
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath

import made_tables_and_archives as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.archives import FORMATS, members
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.members import Budget, Member, safe_name

WHOLE = sorted(name for name in made.FORMATS if name.startswith("压缩包") and "嵌套" not in name)
BROKEN = sorted(
    name for name in made.DAMAGES if name.endswith((".zip", ".tar", ".gz", ".7z", ".rar")) and "warc" not in name
)


@cache
def whole(name: str) -> bytes:
    return made.FORMATS[name]()


def format_of(name: str) -> str:
    return next(each for each in sorted(FORMATS, key=len, reverse=True) if name.endswith("." + each))


def listed(data: bytes, read_as: str, limits: Limits = DEFAULT) -> list[Member]:
    return list(members(io.BytesIO(data), read_as, limits))


def damaged(name: str) -> list[Member]:
    return listed(made.DAMAGES[name](), format_of(name))


@pytest.mark.parametrize("name", WHOLE)
def test_every_format_gives_the_files_of_the_archive(name: str) -> None:
    found = listed(made.FORMATS[name](), format_of(name))
    assert {each.name: each.data for each in found} == made.FILES
    assert {each.message for each in found} == {""}
    assert [each.size for each in found] == [len(data) for data in made.FILES.values()]
    assert found[0].open().read() == found[0].data


@pytest.mark.parametrize("packing", ["gz", "bz2", "xz"])
def test_a_packed_file_is_one_member_and_a_packed_tar_is_opened(packing: str) -> None:
    (member,) = listed(made.FORMATS[f"简报.txt.{packing}"](), packing)
    assert (member.name, member.data.decode(), member.message) == ("", made.ARTICLE, "")
    assert {each.name for each in listed(made.tar_archive(mode=f"w:{packing}"), packing)} == set(made.FILES)


def test_the_name_that_a_gz_keeps_is_taken() -> None:
    out = io.BytesIO()
    with gzip.GzipFile("/tmp/a/news.txt", "wb", fileobj=out) as file:
        file.write(made.ARTICLE.encode())
    assert listed(out.getvalue(), "gz")[0].name == "news.txt"


def test_names_in_the_code_page_of_windows_are_read() -> None:
    files = {"走访.txt": b"1", "简报/慰问归侨.txt": b"2", "plain.txt": b"3"}
    data = made.gbk_named_zip(files)
    assert {each.name: each.data for each in listed(data, "zip")} == files


def test_hidden_files_folders_links_and_devices_are_left_out() -> None:
    names = ["__MACOSX/._a.txt", ".DS_Store", "a/.git/config", "Thumbs.db", "~$a.docx", "b/", "好.txt"]
    assert [each.name for each in listed(made.zip_archive(dict.fromkeys(names, b"1")), "zip")] == ["好.txt"]
    assert [each.name for each in damaged("路径.tar")] == ["上.txt"]


def test_unsafe_names_become_harmless() -> None:
    assert [each.name for each in damaged("路径.zip")] == ["上.txt", "根.txt", "盘.txt", "a/a/b.txt", "A/B.txt"]


@given(st.text(st.one_of(st.sampled_from('./\\:~ Cc侨"\0\n\u202e'), st.characters()), max_size=300))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert not PurePosixPath(safe).is_absolute()
    assert not PureWindowsPath(safe).drive
    assert {"..", "."}.isdisjoint(safe.split("/"))
    assert "\\" not in safe
    assert safe == "" or all(0 < len(part.encode()) <= 255 for part in safe.split("/"))
    assert safe_name(safe) == safe


def test_equal_names_are_told_apart() -> None:
    data = made.zip_archive(dict.fromkeys(("a.txt", "b.txt", "A.TXT", "a~2.txt", "b/a.txt"), b"1"))
    names = [each.name for each in listed(data.replace(b"b.txt", b"a.txt"), "zip")]
    assert names[0] == "a.txt"
    assert len({name.lower() for name in names}) == len(names) == 5


# Damage.


def test_a_zip_that_breaks_off_gives_what_is_before_the_break() -> None:
    first, second, archive = damaged("截断.zip")
    assert (first.data, first.message) == (made.LONG["1.txt"], "")
    assert second.data
    assert made.LONG["2.txt"].startswith(second.data)
    assert "damaged" in second.message
    assert (archive.name, "no readable directory" in archive.message) == ("", True)


def test_members_without_sizes_before_them_are_found_too() -> None:
    class Unseekable(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, at: int, whence: int = 0) -> int:
            raise io.UnsupportedOperation

    out = Unseekable()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in made.LONG.items():
            archive.writestr(name, data)
    found = listed(out.getvalue()[:-150], "zip")
    assert {each.name: each.data for each in found if each.name} == made.LONG


def test_a_wrong_checksum_is_told_and_the_bytes_are_given() -> None:
    first, second = damaged("校验错.zip")
    assert "CRC" in first.message
    assert "47户" in first.data.decode()
    assert second.message == ""


def test_an_encrypted_member_is_told() -> None:
    (member,) = damaged("加密.zip")
    assert (member.data, "encrypted" in member.message) == (b"", True)


@pytest.mark.parametrize("name", ["截断.tar", "截断.tar.gz"])
def test_a_tar_that_breaks_off_gives_what_is_before_the_break(name: str) -> None:
    first, second, archive = damaged(name)
    assert (first.data, first.message) == (made.LONG["1.txt"], "")
    assert second.data
    assert made.LONG["2.txt"].startswith(second.data)
    assert second.message
    assert archive.message


def test_behind_a_broken_header_the_next_member_is_found() -> None:
    found = damaged("坏头.tar")
    assert [each.name for each in found] == ["1.txt", "3.txt", ""]
    assert "blocks are damaged" in found[-1].message


def test_a_gz_that_breaks_off_gives_its_head() -> None:
    (member,) = damaged("截断.txt.gz")
    assert len(member.data) > 1000
    assert made.LONG["1.txt"].startswith(member.data)
    assert "damaged" in member.message


@pytest.mark.parametrize("read_as", ["7z", "rar"])
def test_other_archives_are_to_be_unpacked_first(read_as: str) -> None:
    assert "unpack it first" in damaged(f"没有解压.{read_as}")[0].message


@pytest.mark.parametrize("name", BROKEN)
def test_every_damage_is_told_in_little_time_and_memory(name: str) -> None:
    data = made.DAMAGES[name]()
    started = time.process_time()
    tracemalloc.start()
    found = listed(data, format_of(name))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found
    assert any(each.message for each in found) or name in ("深.zip", "路径.zip", "路径.tar")
    assert time.process_time() - started < 5
    assert peak < 64 << 20


# Limits.


def test_zeros_without_end_are_refused_by_their_ratio() -> None:
    (member,) = damaged("炸弹.txt.gz")
    assert "limit ratio" in member.message
    found = listed(made.zip_of_zeros(64 << 20), "zip")
    assert [(each.name, each.message[:12]) for each in found] == [("好.txt", ""), ("零.txt", "limit ratio ")]


def test_a_tar_of_zeros_stops_at_the_ratio() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("0.txt")
        info.size = 128 << 20
        archive.addfile(info, io.BytesIO(bytes(info.size)))
    with pytest.raises(LimitError, match="limit ratio"):
        listed(out.getvalue(), "tar.gz")


def test_members_that_share_their_bytes_are_not_read() -> None:
    found = damaged("重叠.zip")
    assert len(found) == 200
    assert sum(bool(each.data) for each in found) <= 1
    assert len({each.name for each in found}) == 200


def test_a_member_over_the_limit_of_a_file_is_told_and_the_others_go_on() -> None:
    limits = Limits(file=1000)
    for data, read_as in ((made.zip_archive({"大.txt": random.Random(1).randbytes(2000), "小.txt": b"1"}), "zip"),
                          (made.tar_archive({"大.txt": random.Random(1).randbytes(2000), "小.txt": b"1"}), "tar")):  # fmt: skip
        large, small = listed(data, read_as, limits)
        assert (large.data, "limit file" in large.message) == (b"", True)
        assert (small.data, small.message) == (b"1", "")


@pytest.mark.parametrize(("read_as", "mode"), [("zip", ""), ("tar.gz", "w:gz"), ("tar.xz", "w:xz")])
def test_all_members_together_stay_under_the_limit(read_as: str, mode: str) -> None:
    data = made.tar_archive(made.LONG, mode) if mode else made.zip_archive(made.LONG)
    with pytest.raises(LimitError, match="limit unpacked"):
        listed(data, read_as, Limits(unpacked=60_000))


@pytest.mark.parametrize("read_as", ["zip", "tar"])
def test_more_members_than_allowed_stop_the_archive(read_as: str) -> None:
    data = made.zip_archive(made.LONG) if read_as == "zip" else made.tar_archive(made.LONG)
    with pytest.raises(LimitError, match="limit members"):
        listed(data, read_as, Limits(members=2))


def unfold(data: bytes, budget: Budget) -> int:
    """How many archives lie in one another, read as a caller does."""
    inner = [each.data for each in members(io.BytesIO(data), "zip", budget.limits, budget) if each.name.endswith("zip")]
    return 1 + max((unfold(each, budget.inside()) for each in inner), default=0)


def test_a_budget_is_shared_by_the_archives_inside() -> None:
    nested = made.zip_archive({"1.zip": made.zip_archive(made.LONG), "2.zip": made.zip_archive(made.LONG)})
    size = sum(map(len, made.LONG.values()))
    assert unfold(nested, Budget(Limits(unpacked=3 * size))) == 2
    with pytest.raises(LimitError, match="limit unpacked"):
        unfold(nested, Budget(Limits(unpacked=size + 30_000)))
    with pytest.raises(LimitError, match="limit members"):
        unfold(nested, Budget(Limits(members=6)))


def test_archives_in_archives_end_at_the_limit_of_depth() -> None:
    with pytest.raises(LimitError, match="limit depth"):
        unfold(made.deep_zip(), Budget(DEFAULT))


def test_a_dictionary_larger_than_memory_is_refused() -> None:
    data = lzma.compress(b"1", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 64 << 20}])
    assert "damaged" in listed(data, "xz", Limits(memory=16 << 20))[0].message


# Anything.


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(FORMATS), st.binary(max_size=600), st.sampled_from((b"", b"PK\3\4", b"PK\5\6", b"\x1f\x8b\x08\0"))
)
def test_random_bytes_never_raise(read_as: str, data: bytes, mark: bytes) -> None:
    assert listed(mark + data, read_as)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_damaged_archives_never_raise(name: str, data: st.DataObject) -> None:
    broken = bytearray(whole(name))
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, min(len(broken), 4096) - 1))] = data.draw(st.integers(0, 255))
    assert listed(bytes(broken), format_of(name))
