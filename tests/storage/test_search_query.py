from datetime import date

import pytest

from storage.search_query import And, Named, Not, Or, QueryError, Word, parse
from storage.search_text import Phrase


def word(*runs: str, field: str = "any") -> Word:
    return Word(Phrase(runs), field)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("红叶", word("红叶")),
        ("红叶 社区", And((word("红叶"), word("社区")))),
        ("红叶 AND 社区", And((word("红叶"), word("社区")))),
        ("红叶 社区 OR 青禾", Or((And((word("红叶"), word("社区"))), word("青禾")))),
        ("红叶 -招聘", And((word("红叶"), Not(word("招聘"))))),
        ("红叶 NOT 招聘", And((word("红叶"), Not(word("招聘"))))),
        ("-(甲 OR 乙)", Not(Or((word("甲"), word("乙"))))),
        ('"南京 红叶"', word("南京", "红叶")),
        ("“南京 红叶”", word("南京", "红叶")),
        ("（红叶 OR 青禾）义诊", And((Or((word("红叶"), word("青禾"))), word("义诊")))),
        ('title:"进 社区"', word("进", "社区", field="title")),
        ("source：江湾日报", word("江湾日报", field="source")),
        ("site:mca TITLE:义诊", And((Named("site", "mca"), word("义诊", field="title")))),
        ("person:*明远", Named("person", "*明远")),
        ("2026-09", word("2026", "09")),
        ("比分3:2", word("比分", "3", "2")),
        ("or and", And((word("or"), word("and")))),
    ],
)
def test_reading(query, condition):
    assert parse(query).condition == condition


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("from:2026-09-03", date(2026, 9, 3), None),
        ("to:2026-02", None, date(2026, 2, 28)),
        ("from:2025 红叶 to:2026", date(2025, 1, 1), date(2026, 12, 31)),
        ("from:2025 from:2026", date(2026, 1, 1), None),
        ("to:9999-12-31", None, date(9999, 12, 31)),
    ],
)
def test_days(query, since, until):
    read = parse(query)
    assert (read.since, read.until) == (since, until)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "the query is empty"),
        ("(红叶", "the bracket at character 1 is not closed"),
        ("红叶)", "a bracket is closed at character 3 that was not opened"),
        ("“红叶", "the quotation mark at character 1 is not closed"),
        ("红叶 OR", "nothing stands behind the OR at character 4"),
        ("OR 红叶", "nothing stands before OR at character 1"),
        ("AND 红叶", "nothing stands before AND at character 1"),
        ("红叶 NOT", "nothing stands behind the minus at character 4"),
        ("()", "nothing stands behind the bracket at character 1"),
        ("title:", "nothing stands behind title: at character 1"),
        ("org:“ ”", "nothing stands behind org: at character 1"),
        ("？！", "no letter, digit or character to look for in '？！' at character 1"),
        ("from:2026-13", "from:2026-13 is no day: write 2026-09-15, 2026-09 or 2026"),
        ("from:2026 to:2025", "from:2026-01-01 is later than to:2025-12-31"),
        (
            "红叶 OR from:2026",
            "from: holds for the whole query: it can't stand in brackets, behind a minus or beside OR",
        ),
        (
            "(to:2026)",
            "to: holds for the whole query: it can't stand in brackets, behind a minus or beside OR",
        ),
        ("字" * 1001, "the query has 1001 characters; at most 1000 are read"),
        ("(" * 41 + "字" + ")" * 41, "brackets and minus signs are nested deeper than 40"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(query, line):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert str(caught.value) == line
