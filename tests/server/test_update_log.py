"""What is said of updates: a line of the query log, and the metrics."""

import json
import logging
from hashlib import sha256
from pathlib import Path

import pytest
from served import serving

SENT = {"INSERT DATA { <a:a> <a:b> 'c' }": 204, "INSERT DATA { <a:a> }": 400, "LOAD <http://a.example/>": 403}


def test_each_update_is_a_line_of_the_log_and_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "news-kg.queries"), serving(tmp_path / "store") as server:
        assert [server.update(text).status for text in SENT] == list(SENT.values())
        numbers = server.send("GET", "/metrics").body.decode()
    told = [json.loads(line) for line in caplog.messages]
    assert all(entry.pop("ms") > 0 for entry in told)
    assert told == [
        {"query": sha256(text.encode()).hexdigest()[:16], "form": "update", "rows": 0, "bytes": 0, "status": status}
        for text, status in SENT.items()
    ]
    for status in SENT.values():
        assert f'news_kg_queries_total{{form="update",status="{status}"}} 1.0' in numbers
    assert 'news_kg_query_seconds_count{form="update"} 3.0' in numbers


def test_a_refused_writer_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "news-kg.queries"), serving(tmp_path / "store", token="open-sesame") as server:
        assert server.update("CLEAR ALL").status == 401
        assert server.ask("ASK {}")
    assert [(entry["form"], entry["status"]) for entry in map(json.loads, caplog.messages)] == [("update", 401), ("ask", 200)]
