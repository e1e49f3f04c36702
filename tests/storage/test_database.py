import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from storage import StoreError, open_store
from tests.storage.pages import page


def refusal(url: str) -> str:
    """The one line with which a store is refused."""
    with pytest.raises(StoreError) as caught:
        open_store(url)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://root:s3cret@localhost/news", "unknown kind of database 'mysql'"),
        ("postgresql+asyncpg://localhost/news", "unknown kind of database 'postgresql+asyncpg'"),
        ("news.db", "not a database URL: use sqlite:///FILE"),
        ("", "not a database URL"),
        ("postgresql://user:s3cret@localhost:port/news", "not a database URL"),
    ],
)
def test_wrong_urls(url, message):
    assert message in refusal(url)
    assert "s3cret" not in refusal(url)


def test_nobody_answers():
    message = refusal("postgresql://crawler:s3cret@127.0.0.1:9/news?password=s3cret")
    assert message == "cannot reach the database 127.0.0.1:9/news: Connection refused"


def test_a_database_that_does_not_exist(postgres_server):
    url = make_url(postgres_server).set(database="no_such", password="s3cret")
    message = refusal(url.render_as_string(hide_password=False))
    assert message.endswith('database "no_such" does not exist')
    assert "s3cret" not in message


def test_a_schema_that_does_not_exist(postgres_server):
    url = make_url(postgres_server).update_query_dict({"options": "-csearch_path=no_such_schema"})
    assert "no schema has been selected" in refusal(url.render_as_string(hide_password=False))


def test_a_file_that_is_no_database(tmp_path):
    file = tmp_path / "news.db"
    file.write_text("志愿服务" * 1000, "utf-8")
    assert refusal(f"sqlite:///{file}") == f"cannot use the database {file}: file is not a database"


def test_a_database_of_another_program(tmp_path):
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE page (id INTEGER)")
    connection.close()
    assert refusal(f"sqlite:///{file}") == f"cannot use the database {file}: table page already exists"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "data").write_text("a file")
    assert refusal(f"sqlite:///{tmp_path}/data/news.db").startswith(
        f"cannot make the folder {tmp_path}/data: "
    )


def test_a_folder_in_the_place_of_the_file(tmp_path):
    assert refusal(f"sqlite:///{tmp_path}") == f"the database {tmp_path} is a folder"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_as_a_user(tmp_path):
    tmp_path.chmod(0o500)
    assert refusal(f"sqlite:///{tmp_path}/news.db") == f"no permission to write in the folder {tmp_path}"


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        ("", "no permission to write in the folder {folder}"),
        ("news.db", "no permission to write the database {folder}/news.db"),
    ],
)
def test_no_permission(tmp_path, monkeypatch, refused, message):
    (tmp_path / "news.db").touch()
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: Path(path) != tmp_path / refused and allowed(path, mode)
    )
    assert refusal(f"sqlite:///{tmp_path}/news.db") == message.format(folder=tmp_path)


def test_sqlite_is_set_up_for_one_writer_and_many_readers(sqlite_url):
    store = open_store(sqlite_url)
    with store.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in (
                "journal_mode",
                "busy_timeout",
                "foreign_keys",
                "synchronous",
                "cache_size",
                "wal_autocheckpoint",
            )
        }
    store.close()
    assert values == {
        "journal_mode": "wal",
        "busy_timeout": 30_000,
        "foreign_keys": 1,
        "synchronous": 1,
        "cache_size": -65_536,
        "wal_autocheckpoint": 8192,
    }


def test_a_store_in_memory():
    store = open_store("sqlite://")
    assert store.start_run("jiangwan") == 1
    assert store.known(["http://news.jiangwan.example/"]) == {}
    store.close()


def test_a_server_that_goes_away_is_no_fault_of_the_pages(store_url):
    store = open_store(store_url)
    run = store.start_run("jiangwan")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE article_version RENAME TO taken_away")
    with pytest.raises(StoreError, match=r"failed: .*article_version"):
        store.save([page("/a.html"), page("/b.html")], run)
    store.close()
