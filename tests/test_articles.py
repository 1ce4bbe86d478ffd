"""Articles in: every form of input, what is kept, and what is said about input that is none."""

import gzip
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.articles import read_articles
from kg.records import Article, Failure

TEXT = "The ferry sank off Port Alder on Tuesday. The harbour master said eleven people were rescued."
GERMAN = "Die Fähre sank am Dienstag vor der Küste. Der Hafenmeister sagte, elf Menschen seien gerettet worden. " * 3
PAGE = f"""<!DOCTYPE html><html><head><title>Ferry sinks</title><meta charset="utf-8">
<meta property="og:site_name" content="Alder Courier"><meta property="article:published_time" content="2020-03-03T10:15:00+02:00">
<link rel="canonical" href="https://courier.example/ferry"><meta name="author" content="Jane Doe"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Ferry sinks</h1>
<p>{TEXT}</p><p>Two crew members were still missing in the evening, the coast guard said, and the search went on through the night.</p>
</article><footer>© 2020 Alder Courier</footer></body></html>"""


def read(folder: Path, name: str, content: str | bytes) -> list[Article | Failure]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_articles([path]))


def article(folder: Path, name: str, content: str | bytes) -> Article:
    (found,) = read(folder, name, content)
    assert isinstance(found, Article), found
    return found


def failure(folder: Path, name: str, content: str | bytes) -> Failure:
    (found,) = read(folder, name, content)
    assert isinstance(found, Failure), found
    return found


def test_plain_text_is_one_article_whose_text_is_the_file(tmp_path: Path) -> None:
    text = f"{TEXT}\r\n\r\nCafe\u0301 owners\u00a0left.\u2028Done.\r"
    assert article(tmp_path, "a.txt", text).text == text


def test_front_matter_gives_the_fields_and_the_rest_is_the_text(tmp_path: Path) -> None:
    found = article(
        tmp_path, "a.txt", f"---\r\ntitle: 1984\r\nid: 007\r\npublished: 2020-03-03 10:15:00+02:00\r\nmood: calm\r\n---\r\n\r\n{TEXT}\r\n"
    )
    assert (found.title, found.id, found.published, found.text) == ("1984", "007", "2020-03-03T08:15:00Z", f"\r\n{TEXT}\r\n")


def test_empty_front_matter_fields_are_absent(tmp_path: Path) -> None:
    found = article(tmp_path, "a.txt", f"---\nurl:\ntitle: ~\nauthor: null\n---\n{TEXT}")
    assert (found.url, found.title, found.author) == (None, None, None)


def test_a_page_gives_its_body_and_what_its_head_says(tmp_path: Path) -> None:
    found = article(tmp_path, "a.HTML", PAGE)
    assert TEXT in found.text.split("\n")
    assert "World" not in found.text
    assert (found.title, found.publisher, found.author) == ("Ferry sinks", "Alder Courier", "Jane Doe")
    assert (found.id, found.published) == ("https://courier.example/ferry", "2020-03-03T08:15:00Z")


def test_json_lines_are_an_article_a_line(tmp_path: Path) -> None:
    rows = [{"text": TEXT, "id": "a", "words": 3}, {"text": TEXT, "url": "https://courier.example/b"}]
    found = read(tmp_path, "a.jsonl", b"\xef\xbb\xbf" + "\r\n\n".join(map(json.dumps, rows)).encode())
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "https://courier.example/b"]


def test_compressed_json_lines_are_read(tmp_path: Path) -> None:
    assert article(tmp_path, "a.jsonl.gz", gzip.compress(json.dumps({"text": TEXT}).encode())).text == TEXT


def test_a_folder_is_read_in_order_of_its_paths(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "c.jsonl", ".hidden.txt", "README.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"text": TEXT, "title": name}) if name.endswith("jsonl") else f"---\ntitle: {name}\n---\n{TEXT}")
    found = list(read_articles([tmp_path]))
    assert [item.title for item in found if isinstance(item, Article)] == ["a/z.txt", "b.txt", "c.jsonl"]
    assert len(found) == 3


@pytest.mark.parametrize("before", ["", "\n \n", "\ufeff", "\ufeff\n"])
def test_standard_input_that_begins_with_a_brace_is_json_lines(before: str) -> None:
    lines = f'{before}{{"text": "{TEXT}"}}\n{{"text": ""}}\n'
    found = list(read_articles(["-"], stdin=io.BytesIO(lines.encode())))
    assert isinstance(found[0], Article)
    assert isinstance(found[1], Failure)
    assert found[1].place == f"<stdin>:{before.count(chr(10)) + 2}"


def test_other_standard_input_is_one_text_and_stays_open() -> None:
    stdin = io.BytesIO(f"\n\n{TEXT}\n{{not json}}".encode())
    (found,) = read_articles(["-"], stdin=stdin)
    assert isinstance(found, Article)
    assert found.text == f"\n\n{TEXT}\n{{not json}}"
    assert not stdin.closed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252", "cp1251"])
def test_encodings_are_detected(tmp_path: Path, encoding: str) -> None:
    text = "The town hall burned." if encoding == "cp1251" else f"“{TEXT}” The café’s owner said so – twice, and São Paulo’s mayor too."
    assert article(tmp_path, "a.txt", text.encode(encoding)).text == text


def test_a_page_is_read_in_the_encoding_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "iso-8859-1").replace("The ferry", "The café’s “ferry”")
    assert "The café’s “ferry”" in article(tmp_path, "a.html", page.encode("cp1252")).text


@pytest.mark.parametrize(
    ("row", "identity"),
    [
        ({"id": "a", "url": "https://courier.example/"}, "a"),
        ({"id": " ", "url": "https://courier.example/"}, "https://courier.example/"),
        ({"id": None}, "sha256-08ff8aae0e49af2367b6ac36f69e895d"),
    ],
)
def test_identity_is_the_id_else_the_url_else_the_hash_of_the_text(tmp_path: Path, row: dict[str, str | None], identity: str) -> None:
    assert article(tmp_path, "a.jsonl", json.dumps({"text": TEXT, **row})).id == identity


@pytest.mark.parametrize(
    "change", [{"title": "Ferry"}, {"published": "2020-03-03"}, {"text": TEXT + " "}, {"author": "Jane Doe"}, {"language": "en-GB"}]
)
def test_any_change_is_another_version(tmp_path: Path, change: dict[str, str]) -> None:
    row = {"id": "a", "text": TEXT}
    first, same, other = read(
        tmp_path, "a.jsonl", "\n".join(map(json.dumps, [row, {**row, "mood": "calm", "url": None}, {**row, **change}]))
    )
    assert isinstance(first, Article) and isinstance(other, Article)
    assert first == same
    assert (first.id == other.id, first.version == other.version, len(first.version)) == (True, False, 12)


BAD_LINES = {
    "no JSON": (b"{bad", "not JSON"),
    "no object": (b'["text"]', "no object"),
    "no text": (b'{"id": "a"}', "'text' is missing"),
    "text is a number": (b'{"text": 3}', "'text' is a number"),
    "empty text": (b'{"text": " \\n"}', "empty"),
    "no letters": (b'{"text": "* * *"}', "empty"),
    "NUL": (b'{"text": "a\\u0000b"}', "binary data"),
    "lone surrogate": (b'{"text": "a\\ud800b"}', "lone surrogate (U+D800) at offset 1"),
    "lone surrogate in a title": (b'{"text": "a", "title": "\\udfff"}', "'title'"),
    "title is a list": (b'{"text": "a", "title": ["b"]}', "'title' is a list"),
    "id is a number": (b'{"text": "a", "id": 7}', "'id' is a number"),
    "not UTF-8": (b'{"text": "caf\xe9"}', "not UTF-8 (byte 0xe9 at column 14)"),
    "deep": (b'{"text":' + b"[" * 100_000, "JSON"),
    "too long": (json.dumps({"text": "word " * 200_001}).encode(), "1,000,005 characters"),
    "German": (json.dumps({"text": GERMAN}).encode(), "not English"),
    "another language": (json.dumps({"text": TEXT, "language": "de"}).encode(), "'language' is 'de'"),
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_a_failure_with_its_place_and_the_next_is_read(tmp_path: Path, line: bytes, reason: str) -> None:
    bad, good = read(tmp_path, "a.jsonl", line + b"\n" + json.dumps({"text": TEXT}).encode())
    assert isinstance(bad, Failure) and isinstance(good, Article)
    assert (bad.stage, bad.place) == ("read", f"{tmp_path / 'a.jsonl'}:1")
    assert reason in bad.error


BAD_FILES = {
    "a.txt": (b"", "empty"),
    "b.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data"),
    "c.txt": (bytes(range(1, 256)) * 9, "binary data"),
    "d.txt": (b"---\ntitle: a\n" + TEXT.encode(), "no line '---' ends"),
    "e.txt": (b"---\n- a\n---\n" + TEXT.encode(), "not a mapping"),
    "f.txt": (b"---\ntitle: [a\n---\n" + TEXT.encode(), "not YAML"),
    "g.txt": (b"---\ntitle: [a]\n---\n" + TEXT.encode(), "'title' is a list"),
    "h.txt": (b"word " * 300_000, "characters"),
    "i.txt": (GERMAN.encode(), "not English"),
    "j.html": (b"", "empty"),
    "k.html": (b"<html><head><title>a</title>", "no body text"),
    "l.html": (b"<div" * 30_000, "no body text"),
    "m.htm": (b"<iframe><html>", "parser fails"),
    "m.pdf": (b"%PDF", "unknown file type '.pdf'"),
    "n": (TEXT.encode(), "unknown file type ''"),
    "o.jsonl.gz": (b"not compressed", "damaged"),
}


@pytest.mark.parametrize(("name", "content", "reason"), [(name, *rest) for name, rest in BAD_FILES.items()])
def test_a_bad_file_is_a_failure_with_its_path(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    found = failure(tmp_path, name, content)
    assert found.place.startswith(str(tmp_path / name))
    assert reason in found.error


def test_a_missing_path_is_a_failure(tmp_path: Path) -> None:
    (found,) = read_articles([tmp_path / "none"])
    assert isinstance(found, Failure)
    assert "no such file" in found.error


def test_a_folder_without_articles_is_a_failure(tmp_path: Path) -> None:
    (found,) = read_articles([tmp_path])
    assert isinstance(found, Failure)
    assert "holds no article" in found.error


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    path.chmod(0)
    (found,) = read_articles([path])
    assert isinstance(found, Failure)


def test_a_truncated_file_gives_what_it_holds_and_a_failure(tmp_path: Path) -> None:
    lines = b"".join(json.dumps({"text": f"{TEXT} {number * 7919}"}).encode() + b"\n" for number in range(5000))
    found = read(tmp_path, "a.jsonl.gz", gzip.compress(lines)[:-2000])
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], Failure)
    assert found[-1].place.endswith(f".gz:{len(found)}")


def test_a_line_beyond_all_measure_is_passed_over_without_being_kept(tmp_path: Path) -> None:
    found = read(tmp_path, "a.jsonl", b"[" + b" " * 33_000_000 + b"]\n" + json.dumps({"text": TEXT}).encode())
    assert [type(item) for item in found] == [Failure, Article]


def test_english_news_full_of_foreign_names_is_english(tmp_path: Path) -> None:
    text = (
        "Milivoje Stojanović, Björk Þorsteinsdóttir and Nguyễn Thị Phương Lan met Agnieszka Wiśniewska-Kołodziejczyk in Győr. "
        "Ahmad Zia Rahimzai, of the Jamiat-e-Nawin, and Gulbahar Otambayeva of Ata-Meken spoke after Zoltán Székesfehérvári."
    )
    assert len(text) > 200
    assert article(tmp_path, "a.txt", text).language == "en"


NAMES = st.sampled_from(["a.txt", "a.html", "a.jsonl", "a.jsonl.gz"])


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, content=st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_raise(tmp_path: Path, name: str, content: bytes) -> None:
    assert all(isinstance(item, Article | Failure) for item in read(tmp_path, name, content))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(["<html><body><p>", "<!DOCTYPE html>", "---\n", "---\na: ", '{"text": ']),
    content=st.text(max_size=200),
    name=NAMES,
)
def test_no_almost_good_input_raises(tmp_path: Path, start: str, content: str, name: str) -> None:
    raw = (start + content).encode("utf-8", "surrogatepass")
    assert all(isinstance(item, Article | Failure) for item in read(tmp_path, name, gzip.compress(raw) if name.endswith("gz") else raw))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=150).map(lambda text: f"a{text}"),
    ascii_only=st.booleans(),
)
def test_a_text_comes_back_exactly_from_json_lines(tmp_path: Path, text: str, ascii_only: bool) -> None:
    assert article(tmp_path, "a.jsonl", json.dumps({"text": text}, ensure_ascii=ascii_only)).text == text
