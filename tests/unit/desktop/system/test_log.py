"""The log keeps what our code said, stays small, and never stops the work."""

import logging
from pathlib import Path

import pytest

from sana_desktop.system import log
from sana_desktop.system.log import LOG_NAME, log_file


def test_our_loggers_write_to_the_file_and_others_do_not(tmp_path: Path) -> None:
    with log_file(tmp_path / "logs") as path:
        assert path == tmp_path / "logs" / LOG_NAME
        logging.getLogger("sana_desktop.engine").info("größe 1024×768")
        logging.getLogger("sana_kernels").warning("no fused kernel")
        logging.getLogger("sana_models").debug("too fine")
        logging.getLogger("transformers").warning("somebody else's")
    text = (tmp_path / "logs" / LOG_NAME).read_text(encoding="utf-8")
    assert "INFO MainThread sana_desktop.engine: größe 1024×768" in text
    assert "WARNING MainThread sana_kernels: no fused kernel" in text
    assert "too fine" not in text
    assert "somebody else's" not in text


def test_after_the_block_everything_is_as_before(tmp_path: Path) -> None:
    logger = logging.getLogger("sana_desktop")
    before = (logger.level, list(logger.handlers))
    with pytest.raises(RuntimeError), log_file(tmp_path, level=logging.DEBUG):
        raise RuntimeError
    assert (logger.level, logger.handlers) == before


def test_old_lines_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BYTES_PER_FILE", 500)
    with log_file(tmp_path):
        for number in range(100):
            logging.getLogger("sana_desktop").info("line %d", number)
    files = sorted(tmp_path.iterdir())
    assert len(files) == log.OLD_FILES + 1
    assert all(file.stat().st_size <= 500 for file in files)
    assert "line 99" in (tmp_path / LOG_NAME).read_text()


def test_a_log_that_cannot_be_written_costs_a_warning_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    with log_file(tmp_path / "logs") as path:
        assert path is None
    assert "no log will be kept" in caplog.text
