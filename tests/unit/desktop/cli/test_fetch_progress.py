import io

from sana_desktop.cli.fetch_progress import FetchLines
from sana_desktop.services.fetch_files import FetchPhase, FetchProgress


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def progress(phase: FetchPhase, done: int = 0, **more: object) -> FetchProgress:
    return FetchProgress(pack_id="sana", phase=phase, done=done, total=4 * 10**9, **more)  # pyright: ignore[reportArgumentType]


def test_a_log_gets_a_line_for_every_phase_and_one_every_five_seconds() -> None:
    out, now = io.StringIO(), [0.0]
    lines = FetchLines(out, lambda: now[0])
    lines.show(progress(FetchPhase.ASKING))
    for second in range(12):
        now[0] = float(second)
        lines.show(progress(FetchPhase.FETCHING, second * 10**8, file="vae/a"))
    lines.show(progress(FetchPhase.WAITING, reason="busy", seconds=90.0))
    lines.show(progress(FetchPhase.CHECKING, file="vae/b"))
    lines.show(progress(FetchPhase.INSTALLING))
    lines.end()
    assert out.getvalue().splitlines() == [
        "asking what there is",
        "fetching 0.00 of 4.00 GB: vae/a",
        "fetching 0.50 of 4.00 GB, 100.0 MB/s, 35 s left: vae/a",
        "fetching 1.00 of 4.00 GB, 100.0 MB/s, 30 s left: vae/a",
        "waiting 1 min 30 s: busy",
        "checking vae/b",
        "installing",
    ]


def test_a_terminal_draws_over_one_line_and_leaves_it_at_the_end() -> None:
    out = Screen()
    lines = FetchLines(out, lambda: 0.0)
    lines.show(progress(FetchPhase.ASKING))
    lines.show(progress(FetchPhase.FETCHING, file="vae/\x1b[31m" + "x" * 200))
    lines.end()
    lines.end()
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()
    assert all(len(line) <= 79 for line in out.getvalue().replace("\n", "").split("\r"))
