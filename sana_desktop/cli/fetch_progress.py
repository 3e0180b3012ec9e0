"""How far a fetch is, on standard error: one line that changes for people, a line now and then for logs."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

from sana_desktop.cli.boundary import one_line
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress
from sana_desktop.services.time_left import seconds_text
from sana_desktop.services.transfer_speed import TransferSpeed

WIDTH = 79


class FetchLines:
    """Shows the progress of one fetch. On a terminal the line is drawn over; call `end` before other text."""

    def __init__(self, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out or sys.stderr
        self._over = self._out.isatty()
        self._clock = clock
        self._speed = TransferSpeed(clock)
        self._last = 0.0
        self._phase: FetchPhase | None = None
        self._open = False

    def show(self, progress: FetchProgress) -> None:
        """Show it, if it is new enough to be worth a line."""
        if progress.phase is FetchPhase.FETCHING:
            self._speed.saw(progress.done)
        now = self._clock()
        between = 0.2 if self._over else 5.0
        if progress.phase is self._phase and now - self._last < between and progress.done != progress.total:
            return
        self._phase, self._last = progress.phase, now
        text = one_line(self._text(progress))
        if self._over:
            self._out.write(f"\r{text[:WIDTH]:<{WIDTH}}")
            self._open = True
        else:
            self._out.write(f"{text}\n")
        self._out.flush()

    def end(self) -> None:
        """Go to a new line."""
        if self._open:
            self._out.write("\n")
            self._open = False

    def _text(self, progress: FetchProgress) -> str:
        match progress.phase:
            case FetchPhase.ASKING:
                return "asking what there is"
            case FetchPhase.WAITING:
                return f"waiting {seconds_text(progress.seconds)}: {progress.reason}"
            case FetchPhase.CHECKING:
                return f"checking {progress.file}"
            case FetchPhase.INSTALLING:
                return "installing"
            case FetchPhase.FETCHING:
                pass
        share = f"{progress.done / 1e9:.2f} of {progress.total / 1e9:.2f} GB"
        speed, left = self._speed.bytes_per_second, self._speed.seconds_left(progress.total)
        pace = f", {speed / 1e6:.1f} MB/s" if speed else ""
        rest = f", {seconds_text(left)} left" if left else ""
        return f"fetching {share}{pace}{rest}: {progress.file}"
