"""The files of deploy/ are well formed and as closed as docs/deploy.md says; the page speaks of flags and limits there are."""

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from kg.lexicon import read_table
from kg.serving import serve
from server.description import AnnouncedLimit
from server.limits import Limits

ROOT = Path(__file__).parent.parent
UNIT, CONTAINER, PROXY = (ROOT / "deploy" / name for name in ("news-kg.service", "Containerfile", "nginx.conf"))
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
INSTRUCTIONS = {"FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
FLAGS = {name for option in serve.params for name in option.opts}


def settings() -> dict[str, dict[str, list[str]]]:
    """Return the values by section and name; a name may stand several times, which configparser refuses."""
    found: dict[str, dict[str, list[str]]] = {}
    section = ""
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(section, {}).setdefault(name, []).append(value)
    return found


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the container file with what they say, lines joined."""
    lines = [line for line in CONTAINER.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in joined.splitlines()]


# --- the unit


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    installed = tmp_path / UNIT.name  # with a program that is on this machine
    installed.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/news-kg/bin/kg", sys.executable), encoding="utf-8")
    said = subprocess.run(["systemd-analyze", "verify", installed], capture_output=True, text=True, timeout=30, check=False)
    assert (said.returncode, [line for line in said.stderr.splitlines() if UNIT.name in line]) == (0, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DynamicUser", "yes"),
        ("ProtectSystem", "strict"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("IPAddressDeny", "any"),
        ("OOMPolicy", "continue"),
        ("LimitCORE", "0"),
        ("Restart", "on-failure"),
    ],
)
def test_the_unit_is_closed(name: str, value: str) -> None:
    assert settings()["Service"][name] == [value]


def test_the_unit_has_its_sections_and_bounds_memory() -> None:
    assert set(settings()) == {"Unit", "Service", "Install"} and settings()["Service"]["MemoryMax"]


# --- the container file


def test_the_container_file_has_known_instructions() -> None:
    assert {name for name, _ in instructions()} <= INSTRUCTIONS


def test_the_image_is_built_in_stages_and_runs_without_rights() -> None:
    said = instructions()
    bases = [number for number, (name, _) in enumerate(said) if name == "FROM"]
    assert len(bases) == 2 and said[bases[0]][1].endswith(" AS build")
    last = dict(said[bases[1] :])
    assert last["USER"] == "10001:10001" and "--from=build" in last["COPY"] and last["HEALTHCHECK"] and last["STOPSIGNAL"] == "SIGINT"


def test_what_the_image_copies_is_there() -> None:
    copied = [path for name, text in instructions() if name == "COPY" and "--from" not in text for path in text.split()[:-1]]
    assert copied and all((ROOT / path).exists() for path in copied)


# --- the proxy


def test_the_proxy_file_is_balanced_and_each_statement_ends() -> None:
    lines = [line.split("#")[0].strip() for line in PROXY.read_text(encoding="utf-8").splitlines()]
    assert "".join(lines).count("{") == "".join(lines).count("}")
    assert all(line.endswith((";", "{", "}")) for line in lines if line)


def test_the_proxy_does_not_hold_answers_back() -> None:
    sparql = PROXY.read_text(encoding="utf-8").partition("location = /sparql {")[2].partition("}")[0]
    assert "proxy_buffering off;" in sparql and "proxy_read_timeout" in sparql


# --- flags and limits


@pytest.mark.parametrize("path", [UNIT, CONTAINER], ids=lambda path: path.name)
def test_the_flags_used_are_flags_of_kg_serve(path: Path) -> None:
    started = next(line for line in path.read_text(encoding="utf-8").splitlines() if "serve" in line and "--store" in line)
    assert set(re.findall(r"--[a-z-]+", started)) <= FLAGS


def test_the_page_has_each_announced_limit_with_its_flag_and_its_value() -> None:
    rows = {
        name: (flag, usual) for name, flag, usual in re.findall(r"^\| `(\w+)` \| (?:`(--[a-z-]+)`)? *\| ([\d.,]+) \|", PAGE, re.MULTILINE)
    }
    usual = {field.name: field.default for field in fields(Limits)}
    assert set(rows) == {row.id for row in read_table("announced_limits", AnnouncedLimit)}
    assert {name: float(value.replace(",", "")) for name, (_, value) in rows.items()} == {name: usual[name] for name in rows}
    assert {flag for flag, _ in rows.values() if flag} <= FLAGS


def test_each_metric_on_the_page_is_one_there_is() -> None:
    text = (ROOT / "server" / "metrics.py").read_text(encoding="utf-8")
    named = {name.removesuffix("_total") for name in re.findall(r"\bnews_kg_\w+", PAGE)}
    assert named == set(re.findall(r'"(news_kg_\w+)"', text))
