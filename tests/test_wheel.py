"""The built wheel works in an empty environment: data and default configuration travel inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment that holds the wheel and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    venv.create(folder / "environment", with_pip=True)
    python = folder / "environment" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    needs = ["--require-hashes", "--requirement", str(ROOT / "requirements" / "run.txt")]
    subprocess.run([*install, *needs], check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    subprocess.run([*install, "--no-deps", str(wheel)], check=True, capture_output=True)
    return python.parent


def _run(installed: Path, tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    environment |= {"PYTHONUTF8": "1", "LOCALAPPDATA": str(tmp_path), **variables}
    return subprocess.run(
        [str(installed / "roadmap-bot"), *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_installed_command_answers_from_its_own_data(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "ask", "LoRA")
    assert done.returncode == 0, done.stderr
    assert "LoRA: Low-Rank Adaptation of Large Language Models" in done.stdout
    assert done.stderr == ""


def test_the_installed_bot_speaks_chinese(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "ask", "LoRA", LANG="zh_CN.UTF-8")
    assert "2021年6月" in done.stdout, done.stderr


def test_the_installed_bot_says_what_it_needs_to_run(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, tmp_path, "run")
    assert done.returncode == 2
    assert "DISCORD_TOKEN" in done.stderr


def test_the_installed_bot_brings_the_schema_of_its_state(installed: Path, tmp_path: Path) -> None:
    code = "from roadmap_bot.state.database import Database; Database.open('sqlite:///state.sqlite').close()"
    done = subprocess.run(
        [str(installed / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "state.sqlite").is_file()


def test_the_installed_data_is_valid_and_the_configuration_is_there(installed: Path, tmp_path: Path) -> None:
    assert _run(installed, tmp_path, "validate").returncode == 0
    code = "from roadmap_bot.config import bundled; print((bundled('config') / 'roadmap-bot.yaml').is_file())"
    done = subprocess.run(
        [str(installed / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"
    # Not found by accident in the checkout the wheel was built from.
    code = "from roadmap_bot.config import bundled; print(bundled('data'))"
    done = subprocess.run(
        [str(installed / "python"), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(ROOT) not in done.stdout
