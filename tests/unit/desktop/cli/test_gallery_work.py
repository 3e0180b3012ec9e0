from concurrent.futures import Future
from pathlib import Path

import pytest
import typer

from sana_desktop.cli.gallery_work import counting, find_rows, ready_gallery, stoppable, wait_for
from sana_desktop.errors import JobCancelledError, KnownError
from support.gallery import write_own
from support.terminal import Terminal


def test_a_result_and_an_error_are_waited_for():
    future: Future[int] = Future()
    future.set_result(5)
    assert wait_for(future) == 5
    failed: Future[int] = Future()
    failed.set_exception(TimeoutError("of the work itself"))
    with pytest.raises(TimeoutError, match="of the work itself"):
        wait_for(failed)


def test_progress_is_told_once_a_second(capsys: pytest.CaptureFixture[str]):
    now = iter([0.0, 0.5, 1.2, 1.2, 1.5])
    tell = counting("files read", lambda: next(now))
    for done in (1, 2, 3):
        tell(done, 9)
    assert capsys.readouterr().err == "2 of 9 files read\n"


def test_being_stopped_is_told(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(JobCancelledError), stoppable("nothing was lost"):
        raise JobCancelledError("cancelled")
    assert capsys.readouterr().err == "cancelled; nothing was lost\n"


def test_a_file_whose_name_is_a_number_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal(tmp_path)
    write_own(terminal.paths.pictures / "1.png")
    monkeypatch.chdir(terminal.paths.pictures)
    with ready_gallery(terminal.collaborators) as (_, reader):
        assert [row.path.name for row in find_rows(reader, ["1", "1.png"])] == ["1.png", "1.png"]
        (terminal.paths.pictures / "1").touch()
        with pytest.raises(KnownError, match="1 is not a picture"):
            find_rows(reader, ["1"])


def test_a_gallery_that_cannot_be_opened_ends_a_command(tmp_path: Path):
    terminal = Terminal(tmp_path)
    terminal.paths.data.touch()
    with pytest.raises(KnownError, match="cannot be used"), ready_gallery(terminal.collaborators):
        raise typer.Abort
