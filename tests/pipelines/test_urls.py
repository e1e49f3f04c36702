import pytest

from pipelines.urls import canonical_url, url_id


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("HTTP://News.Example.COM:80/a/b.html#top", "http://news.example.com/a/b.html"),
        ("https://news.example.com:443", "https://news.example.com/"),
        ("https://news.example.com:8443/a", "https://news.example.com:8443/a"),
        ("http://news.example.com./a", "http://news.example.com/a"),
        ("http://news.example.com/a/../b/./c.html", "http://news.example.com/b/c.html"),
        ("http://news.example.com/../../a/", "http://news.example.com/a/"),
        ("http://news.example.com/a?id=7&utm_source=weibo&spm=1.2", "http://news.example.com/a?id=7"),
        ("http://news.example.com/a?b=2&a=1", "http://news.example.com/a?b=2&a=1"),
        ("http://news.example.com/%e5%85%ac", "http://news.example.com/%E5%85%AC"),
        ("http://news.example.com/公益", "http://news.example.com/%E5%85%AC%E7%9B%8A"),
        ("  http://news.example.com/a \n", "http://news.example.com/a"),
    ],
)
def test_one_page_has_one_url(given, canonical):
    assert canonical_url(given) == canonical
    assert canonical_url(canonical) == canonical


def test_relative_url_is_joined_to_its_page():
    assert (
        canonical_url("../t1_2.html?from_source=x", "http://a.example/x/y/z.html")
        == "http://a.example/x/t1_2.html"
    )


@pytest.mark.parametrize("given", ["javascript:void(0)", "mailto:a@b.example", "", "http://", "http://[::1"])
def test_what_is_not_a_web_page_is_refused(given):
    with pytest.raises(ValueError, match="not a"):
        canonical_url(given)


def test_id_of_a_url_never_changes():
    assert url_id("http://news.example.com/a/b.html") == 1193891308481934794
