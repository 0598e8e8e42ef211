"""Promises of whole runs over tables, pages, lists of files and old documents, and of what repeats or recurs in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import jianbao
import pytest
from jianbao.pipeline.texts import text_name
from made_calls import invoke
from made_calls import table as rows
from made_documents import FORMATS as DOCUMENTS
from made_tables_and_archives import ARTICLE, FORMATS, HEADER, csv_table, page, zip_archive

office = pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed"
)


def test_an_output_folder_inside_the_input_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(5))
    for _ in range(2):
        assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 0
        assert [row["article"] for row in rows(tmp_path / "out")] == ["a.html"]


def test_texts_of_an_earlier_run_go(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(5))
    (tmp_path / "b.txt").write_text("走访侨眷30户。\n", encoding="utf-8")
    assert invoke("run", tmp_path / "a.html", "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "text" / "a.html.txt").exists()
    assert invoke("run", tmp_path / "b.txt", "--out", tmp_path / "out").exit_code == 0
    assert not (tmp_path / "out" / "text").exists()


def test_a_folder_of_texts_that_no_run_wrote_stays(tmp_path: Path) -> None:
    (tmp_path / "out" / "text").mkdir(parents=True)
    (tmp_path / "out" / "text" / "mine.txt").write_text("走访侨眷30户。", encoding="utf-8")
    result = invoke("run", tmp_path / "out" / "text", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "no run of jianbao wrote" in result.output
    assert (tmp_path / "out" / "text" / "mine.txt").exists()


# The command line.


def test_a_list_of_files_comes_in_on_standard_input(tmp_path: Path) -> None:
    for name in ("a/x.txt", "b/x.txt", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{name}走访侨眷{len(name)}0户。\n", encoding="utf-8")
    typed = "".join(f"{tmp_path / name}\n" for name in ("a/x.txt", "b/x.txt", "a/x.txt")).encode()
    assert invoke("run", "-", "--out", tmp_path / "out", typed=typed).exit_code == 0
    assert [row["article"] for row in rows(tmp_path / "out")] == ["a/x.txt", "b/x.txt"]
    assert invoke("run", "-", "--out", tmp_path / "out", typed=b"").exit_code == 2
    assert invoke("run", "-", tmp_path, "--out", tmp_path / "out", typed=typed).exit_code == 2
    assert invoke("run", "-", "--out", tmp_path / "out", typed=typed.replace(b"b/x", b"nowhere")).exit_code == 3
    assert [(row["status"], row["message"][:12]) for row in rows(tmp_path / "out")][1] == ("failed", "no such file")
    odd = tmp_path / "两\n行 .txt"
    odd.write_text("走访侨眷30户。", encoding="utf-8")
    typed = b"\xef\xbb\xbf" + str(odd).encode() + b"\0" + str(tmp_path / "c.txt").encode() + b"\0"
    assert invoke("run", "-", "--out", tmp_path / "out", typed=typed).exit_code == 0
    assert [row["article"] for row in rows(tmp_path / "out")] == ["两\n行 .txt", "c.txt"]
    gbk = str(tmp_path / "简报.txt").encode("gbk")
    (tmp_path / "简报.txt").write_text("走访侨眷41户。", encoding="utf-8")
    assert invoke("run", "-", "--out", tmp_path / "out", typed=gbk + b"\r\n").exit_code == 0


def test_a_text_column_is_found_or_named(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(csv_table([("走访侨眷46户。", "1", "走访侨眷52户。")], ("甲", "编号", "乙")))
    named = invoke("run", table, "--text-column", "乙", "--out", tmp_path / "out")
    assert named.exit_code == 0
    assert [row["text"] for row in rows(tmp_path / "out", "indicators")] == ["52户"]
    assert invoke("run", table, "--column", "text=甲", "--out", tmp_path / "out").exit_code == 0
    assert [row["text"] for row in rows(tmp_path / "out", "indicators")] == ["46户"]
    missing = invoke("run", table, "--text-column", "丙", "--out", tmp_path / "out")
    assert missing.exit_code == 3
    assert "丙" in rows(tmp_path / "out")[0]["message"]
    assert invoke("run", table, "--column", "colour=甲", "--out", tmp_path / "out").exit_code == 2
    assert invoke("run", table, "--limit", "seconds=no", "--out", tmp_path / "out").exit_code == 2


def test_a_text_column_that_holds_pages_is_read_as_pages(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_table([("自拟标题", page(8).decode())], ("标题", "正文")))
    assert invoke("run", tmp_path / "a.csv", "--out", tmp_path / "out").exit_code == 0
    (row,) = rows(tmp_path / "out")
    assert (row["article"], row["format"], row["title"], row["source"]) == ("a.csv#1", "html", "自拟标题", "绍兴日报")
    assert "<p>" not in (tmp_path / "out" / "text" / "a.csv#1.txt").read_text(encoding="utf-8")


def test_limits_are_those_of_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zip_archive({f"{n}.txt": f"走访侨眷{n}户。\n".encode() for n in range(9)}))
    result = invoke("run", tmp_path / "a.zip", "--limit", "members=4", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert "limit members met" in rows(tmp_path / "out")[-1]["message"]
    assert invoke("run", tmp_path / "a.zip", "--limit", "members=9", "--out", tmp_path / "out").exit_code == 0


def test_pages_of_fifty_megabytes_and_deep_ones_end_in_time(tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_bytes(b"<html><body>" + b"<div>" * 100_000 + "走访侨眷30户".encode())
    (tmp_path / "large.html").write_bytes(b"<html><body>" + "<p>走访侨眷30户。</p>".encode() * 1_900_000)
    (tmp_path / "small.html").write_bytes(page(9))
    started = time.monotonic()
    result = invoke("run", tmp_path, "--limit", "seconds=30", "--limit", "text=4M", "--out", tmp_path / "out")
    assert time.monotonic() - started < 90
    assert result.exit_code == 3
    deep, large, small = rows(tmp_path / "out")
    assert "limit nesting met" in deep["message"]
    assert "limit text met" in large["message"]
    assert small["status"] == "ok"


def test_explain_shows_each_article_of_a_table_or_document(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_table())
    output = invoke("explain", tmp_path / "a.csv").output
    assert all(figure in output for figure in ("46户", "18条", "9家"))
    (tmp_path / "b.docx").write_bytes(DOCUMENTS["word.docx"]())
    assert "1,200余户" in invoke("explain", tmp_path / "b.docx").output


def test_read_gives_articles_of_every_format(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_table([(ARTICLE.replace("46", "47"), "x")], ("稿", "编号")))
    (tmp_path / "b.html").write_bytes(page(3))
    articles = list(jianbao.read(tmp_path, text_column="稿"))
    assert [(article.id, article.format, article.status) for article in articles] == [
        ("a.csv#1", "csv", "ok"),
        ("b.html", "html", "ok"),
    ]
    assert "103户" in [found.text for found in jianbao.extract(articles[1]).indicators]


def convert(path: Path, target: str, folder: Path) -> None:
    """What LibreOffice makes of a file, as an old office saved it."""
    program = shutil.which("soffice") or shutil.which("libreoffice") or ""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    words: list[str | Path] = [program, profile, "--headless", "--convert-to", target, "--outdir", folder, path]
    subprocess.run(words, check=True, capture_output=True, timeout=120)


@office
def test_old_word_files_are_read_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(DOCUMENTS["word.docx"]())
    convert(tmp_path / "a.docx", "doc", tmp_path / "in")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert [(row["article"], row["format"]) for row in rows(tmp_path / "out")] == [("a.doc", "doc")]
    assert "1,200余户" in [row["text"] for row in rows(tmp_path / "out", "indicators")]


@office
def test_old_workbooks_are_read_through_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(FORMATS["表格.xlsx"]())
    convert(tmp_path / "a.xlsx", "xls", tmp_path / "in")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert [(row["article"], row["format"]) for row in rows(tmp_path / "out")] == [
        (f"a.xls#{number}", "xls") for number in (1, 2, 3)
    ]
    assert rows(tmp_path / "out")[0]["published"] == "2021-03-08"


def test_without_libreoffice_an_old_word_file_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = "WordDocument".encode("utf-16-le")
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream)
    monkeypatch.setenv("PATH", "")
    assert invoke("run", tmp_path / "a.doc", "--out", tmp_path / "out").exit_code == 3
    assert "needs LibreOffice" in rows(tmp_path / "out")[0]["message"]


# The whole of a run.


def test_a_footer_in_prose_that_recurs_is_no_body(tmp_path: Path) -> None:
    footer = "本平台由某某传媒有限公司运营，累计服务用户300万人，内容仅供读者参考。"
    for number in range(30):
        text = f"第{number}期工作情况\n2023-03-08\n某区侨联深入社区走访归侨侨眷{number + 3}户，听取意见建议，发放节日慰问品{number * 7 + 11}份。\n{footer}\n"
        (tmp_path / f"{number:02}.txt").write_text(text, encoding="utf-8")
    assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 0
    found = rows(tmp_path / "out", "indicators")
    assert len(found) >= 58
    assert [row for row in found if row["text"] == "300万人"] == []


def test_an_excerpt_is_a_repeat_wherever_it_stands_and_keeps_its_rows(tmp_path: Path) -> None:
    whole = "".join(
        f"{place}侨联组织志愿者走进社区，为{number * 3 + 7}名归侨开展健康义诊，发放侨法宣传手册{number * 11 + 20}份，收集意见建议{number + 2}条。\n"
        for number, place in enumerate(("鹿城区", "龙湾区", "瓯海区", "洞头区", "乐清市", "瑞安市"))
    )
    (tmp_path / "甲.txt").write_text("侨界义诊\n2023-03-08\n" + "".join(whole.splitlines(True)[:3]), encoding="utf-8")
    (tmp_path / "乙.txt").write_text("温州侨联系统开展义诊周活动\n2023-03-09\n" + whole, encoding="utf-8")
    assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 0
    told = {row["article"]: row for row in rows(tmp_path / "out")}
    assert (told["甲.txt"]["status"], told["乙.txt"]["status"]) == ("repeat", "ok")
    assert "excerpt of 乙.txt" in told["甲.txt"]["message"]
    assert "7名" in [row["text"] for row in rows(tmp_path / "out", "indicators") if row["article"] == "甲.txt"]


def test_two_counties_with_one_template_are_no_repeats(tmp_path: Path) -> None:
    for name, figures in {"云和县": (46, 312, 9), "遂昌县": (58, 207, 14)}.items():
        text = (
            f"{name}侨联开展春节慰问\n2023-01-12\n{name}侨联在春节前夕走访慰问困难归侨侨眷{figures[0]}户，送去慰问金和慰问品，"
            f"为{figures[1]}名老归侨举办迎春茶话会，帮助解决实际困难{figures[2]}个，把党和政府的关怀送到侨界群众心坎上。\n"
        )
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 0
    assert [row["status"] for row in rows(tmp_path / "out")] == ["ok", "ok"]


def test_what_repeats_an_article_that_met_a_fault_stands_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jianbao.pipeline import extraction

    def stumble(article: jianbao.Article) -> jianbao.Article:
        if article.id == "a.txt":
            raise ValueError("low is above high")
        return article

    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setattr(extraction, "folded", stumble)
    assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 3
    assert [row["status"] for row in rows(tmp_path / "out")] == ["failed", "ok"]
    assert {row["article"] for row in rows(tmp_path / "out", "indicators")} == {"b.txt"}


# Divisions of a year.


def test_the_regions_of_a_run_are_told_in_the_divisions_of_a_year(tmp_path: Path) -> None:
    table = csv_table(
        [("走访侨眷30户。", "2023-05-01", "330113"), ("走访侨眷41户，慰问8人。", "2018-05-01", "330104"),
         ("资助学生52人。", "2024-05-01", "330106")],
        ("正文", "发布日期", "行政区划代码"),
    )  # fmt: skip
    (tmp_path / "a.csv").write_bytes(table)
    assert invoke("run", tmp_path / "a.csv", "--out", tmp_path / "out").exit_code == 0
    assert invoke("regions", tmp_path / "out", "--year", "2018").exit_code == 0
    told = {
        row["region"]: (row["year"], row["indicators"], row["in_year"], row["kind"])
        for row in rows(tmp_path / "out", "regions")
    }
    assert told == {
        "330104": ("2018", "2", "330104", "same"),
        "330106": ("2024", "1", "330106", "same"),
        "330113": ("2023", "1", "330110", "merged"),
    }
    assert invoke("regions", tmp_path / "out", "--year", "2023").exit_code == 0
    then = {row["region"]: (row["in_year"], row["kind"]) for row in rows(tmp_path / "out", "regions")}
    assert then["330104"] == ("330100", "split")
    assert invoke("regions", tmp_path / "out", "--year", "1900").exit_code == 2
    assert invoke("regions", tmp_path, "--year", "2018").exit_code == 2


# What tables hold goes nowhere but into the tables.


def test_article_names_never_leave_the_folder_of_texts() -> None:
    names = ("../../etc/passwd", "/etc/passwd", "a/../../b", "a\0b", "x" * 400, "con:", "a//b", ".", "", "a.zip/../b")
    paths = [text_name(name) for name in names]
    assert all(path.parts[0] == "text" and ".." not in path.parts and not path.is_absolute() for path in paths)
    assert all(len(part.encode()) <= 255 for path in paths for part in path.parts)
    assert len({str(path) for path in paths}) == len(paths)


def test_columns_are_listed_where_no_text_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_table([("1", "甲")], ("编号", "姓名")))
    invoke("run", tmp_path / "a.csv", "--out", tmp_path / "out")
    assert all(word in rows(tmp_path / "out")[0]["message"] for word in ("编号", "姓名", "--text-column"))
    assert HEADER[-1] == "正文"


@pytest.mark.skipif(sys.platform == "win32", reason="/proc and rlimits")
def test_no_reader_reaches_the_network(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(DOCUMENTS["linked.docx"]())
    (tmp_path / "b.html").write_bytes(page(4).replace(b"<body>", b"<body><img src='http://127.0.0.1:9/x'>"))
    assert invoke("run", tmp_path, "--out", tmp_path / "out").exit_code == 0
    assert {row["status"] for row in rows(tmp_path / "out")} == {"ok"}
