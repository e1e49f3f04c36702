import io

from crawler.console import complain, console, show_rows, table


def test_an_error_is_one_line_whatever_its_text(capsys):
    complain("the disk\n  is full\n")
    assert capsys.readouterr() == ("", "scrapy: the disk is full\n")


def test_a_table_keeps_chinese_whole_and_numbers_to_the_right():
    out = io.StringIO()
    console(out).print(table(["站点", "articles"], [["晨光公益网", 7], ["江湾新闻网", 12]]))
    lines = out.getvalue().split("\n")
    assert any("晨光公益网" in line and line.rstrip(" │").endswith(" 7") for line in lines)
    assert any("江湾新闻网" in line and "12" in line for line in lines)


def test_nothing_is_shown_for_none():
    out = io.StringIO()
    console(out).print(table(["a"], [[None]]))
    assert "None" not in out.getvalue()


def test_rows_with_too_many_columns_are_shown_one_by_one():
    out = io.StringIO()
    narrow = console(out)
    narrow.width = 60
    show_rows(
        narrow, ["title", "site", "a", "b", "c", "d", "e"], [["义诊进社区", "晨光公益网", 1, 2, 3, None, 5]]
    )
    assert "title  义诊进社区" in out.getvalue()
    assert "None" not in out.getvalue()


def test_rows_that_fit_are_a_table():
    out = io.StringIO()
    show_rows(console(out), ["title", "site"], [["义诊进社区", "晨光公益网"]])
    assert "│ 义诊进社区 │ 晨光公益网 │" in out.getvalue()
