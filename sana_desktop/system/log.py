"""What the program writes down while it works, for the person who has to find a fault later."""

import logging
import logging.handlers
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

LOG_NAME = "sana-desktop.log"
BYTES_PER_FILE = 1_000_000
OLD_FILES = 3

_OUR_LOGGERS = ("sana_desktop", "sana_models", "sana_kernels")
_LINE = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


@contextmanager
def log_file(folder: Path, *, level: int = logging.INFO) -> Generator[Path | None]:
    """Write our own loggers to a rotating file in `folder` until the block ends; yields the file.

    Only a composition root opens one. A log that cannot be written must not cost a picture, so then the
    reason goes to standard error and None is yielded.
    """
    path = folder / LOG_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=BYTES_PER_FILE, backupCount=OLD_FILES, encoding="utf-8"
        )
    except OSError as error:
        logging.getLogger(__name__).warning("no log will be kept: %s", error)
        yield None
        return
    handler.setFormatter(logging.Formatter(_LINE))
    loggers = [logging.getLogger(name) for name in _OUR_LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield path
    finally:
        for logger, before in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(before)
        handler.close()
