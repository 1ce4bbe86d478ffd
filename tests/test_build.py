"""The whole road over the demo corpus: the same bytes by every way, exact words, nothing lost when a run is killed."""

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import DEMO_ARTICLES

from kg.articles import read_articles
from kg.building import build
from kg.dump import write_dump
from kg.generations import open_current
from kg.iris import DEFAULT_BASE
from kg.pipeline import Settings
from kg.publish import publish
from kg.records import Article, Failure
from kg.store import Store
from kg.validate import Gate

pytestmark = pytest.mark.model
ROOT = Path(__file__).parent.parent
KG = str(Path(sys.executable).with_name("kg"))


def demo_articles() -> list[Article]:
    return [item for item in read_articles([DEMO_ARTICLES]) if not isinstance(item, Failure)]


def build_into(path: Path, articles: list[Article], workers: int = 1) -> None:
    store = Store(path, base=DEFAULT_BASE, text="evidence")
    summary = build(articles, store, Settings(), workers=workers, progress=lambda _: None)
    store.close()
    assert summary.failures == []


def dumps(path: Path) -> dict[str, bytes]:
    found = {}
    for form in ("ttl", "nq"):
        target = path.with_suffix(f".{form}")
        write_dump(open_current(path), form, target, base=DEFAULT_BASE, stdout=sys.stdout.buffer)  # type: ignore[arg-type]
        found[form] = target.read_bytes()
    return found


@pytest.fixture(scope="module")
def demo_dumps(demo_store: Path) -> dict[str, bytes]:
    """The dumps of the demo corpus, written once."""
    return dumps(demo_store)


def test_order_and_workers_do_not_show(demo_dumps: dict[str, bytes], tmp_path: Path) -> None:
    shuffled = demo_articles()
    random.Random(7).shuffle(shuffled)
    build_into(tmp_path / "store", shuffled, workers=2)
    assert dumps(tmp_path / "store") == demo_dumps


def test_articles_can_come_later(demo_dumps: dict[str, bytes], tmp_path: Path) -> None:
    articles = demo_articles()
    versions = [article for article in articles if sum(other.id == article.id for other in articles) > 1]
    assert len(versions) >= 2, "the demo corpus holds an article in two versions"
    for late in (versions[:1] + articles[:3], versions[-1:] + articles[-3:]):
        path = tmp_path / late[0].version
        build_into(path, [article for article in articles if article not in late])
        build_into(path, late)
        assert dumps(path) == demo_dumps


def test_removed_article_was_never_there(tmp_path: Path) -> None:
    articles = demo_articles()[:6]
    build_into(tmp_path / "five", articles[:5])
    build_into(tmp_path / "six", articles)
    store = Store(tmp_path / "six", base=DEFAULT_BASE, text="evidence")
    store.remove([articles[5].id])
    publish(store, Gate())
    store.close()
    assert dumps(tmp_path / "six") == dumps(tmp_path / "five")


def test_every_mention_holds_the_exact_words_of_its_article(demo_store: Path) -> None:
    checked = subprocess.run([sys.executable, ROOT / "bench" / "exact_words.py", demo_store], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert "0 mentions with other words than the text; 0 statements or event mentions without words" in checked.stdout


def test_the_demo_graph_has_no_quarantine(demo_store: Path) -> None:
    assert open_current(demo_store).counts()["graphs in quarantine"] == 0


@pytest.mark.slow
def test_killed_builds_are_finished_by_the_next(demo_dumps: dict[str, bytes], tmp_path: Path) -> None:
    store, chance = tmp_path / "store", random.Random(11)
    command = [KG, "build", str(DEMO_ARTICLES), "--store", str(store)]
    for _ in range(3):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(4 + 8 * chance.random())
        run.send_signal(signal.SIGKILL)
        run.wait()
        if (store / "oxigraph").exists():
            subprocess.run([KG, "info", "--store", str(store)], check=False, capture_output=True)
            whole = Store(store, base=DEFAULT_BASE, text="evidence")
            known = {row.split(" ")[-2][1:-1] for row in demo_dumps["nq"].decode().splitlines()}
            assert set(whole.versions()) <= known
            whole.close()
    subprocess.run(command, check=True, capture_output=True)
    assert dumps(store) == demo_dumps


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupted_build_keeps_what_is_done(demo_dumps: dict[str, bytes], tmp_path: Path, workers: str) -> None:
    store = tmp_path / "store"
    command = [KG, "build", str(DEMO_ARTICLES), "--store", str(store), "--workers", workers]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while not list((store / "records").glob("*/*")) and run.poll() is None:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, printed = run.communicate(timeout=60)
    if run.returncode != 0:  # it may have been faster
        assert run.returncode == 130 and b"Interrupted; what was built is stored" in printed
    assert open_current(store).counts()["articles"] > 0
    subprocess.run(command, check=True, capture_output=True)
    assert dumps(store) == demo_dumps


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed (Debian package faketime)")
def test_the_day_of_the_run_does_not_show(tmp_path: Path) -> None:
    inputs = [str(path) for path in sorted(DEMO_ARTICLES.glob("*.txt"))[:4]]
    written = []
    for day in ("2021-08-09 12:00:00", "2031-03-01 00:30:00"):
        store = tmp_path / day[:4]
        subprocess.run(["faketime", day, KG, "build", *inputs, "--store", str(store)], check=True, capture_output=True)
        written.append(dumps(store))
    assert written[0] == written[1]
