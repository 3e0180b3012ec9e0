"""What is written down when the program makes a mistake: everything that helps to find it, and nothing that is private.

A report stays on this machine until somebody gives it away, and what goes into it without being asked holds
no prompt, no name of a picture and no name of the user. `Scrubber` takes those out, whoever wrote them.
"""

import dataclasses
import os
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sana_desktop.domain.recipe import Recipe
from sana_desktop.system.whole_files import write_whole

LOG_LINES = 200
LARGEST_LOG_TAIL = 256 * 1024
LONGEST_LINE = 2000
LEFT_OUT = "[left out]"
PICTURE = "[picture]"
# Shorter words of a prompt are everybody's, and taking them out would leave nothing to read.
SHORTEST_SECRET = 4
SHORTEST_PHRASE = 8

_QUOTED = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
# A prompt in the printed form of a recipe, or in JSON.
_FIELD = re.compile(rf"""\b((?:\w*prompt|negative|template)["']?\s*[=:]\s*)(?:{_QUOTED})""", re.DOTALL)
# Pictures are called after their prompts. Behind a slash a name may have blanks. Bounded, as names of files are:
# a long word without an end would otherwise take its length squared.
_PICTURE = re.compile(
    r"(?:(?<=[/\\])[^/\\\n\"'<>|]{1,255}?|[^\s/\\\"'<>|()]{1,255})\.(png|jpe?g|webp|avif)\b", re.IGNORECASE
)


class Scrubber:
    """Takes `secrets` (the prompts of this run), names of pictures and the user's name for home out of texts."""

    def __init__(self, secrets: Iterable[str] = (), home: Path | None = None) -> None:
        self._secrets = _phrases(secrets)
        self._home = str(home or Path.home())

    def scrub(self, text: str) -> str:
        """`text` as it may be given to a stranger."""
        text = _FIELD.sub(rf"\g<1>{LEFT_OUT}", text)
        lowered = text.lower()
        for secret in self._secrets:
            # A search is a hundred times as quick as the pattern, and nearly all of them are not there.
            if secret in text or secret.lower() in lowered:
                text = re.sub(re.escape(secret), LEFT_OUT, text, flags=re.IGNORECASE)
        return _PICTURE.sub(rf"{PICTURE}.\g<1>", self.shorten(text))

    def shorten(self, text: str) -> str:
        """`text` with the home folder as a tilde, and nothing else changed."""
        # A home of "/" is a container's, and tells nothing.
        return text.replace(self._home, "~") if len(self._home) > 1 else text


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class CrashReport:
    """One mistake, scrubbed. `job` and `picture` are private and only in the text if the user wants them there.

    `error` is one line, `trace` where it happened, `facts` are (name, value) pairs of versions and machine.
    """

    time: datetime
    error: str
    trace: str
    facts: tuple[tuple[str, str], ...]
    log: tuple[str, ...] = ()
    job: str = ""
    picture: str = ""

    def text(self, *, with_job: bool = False, with_picture: bool = False) -> str:
        """The report as it is shown, copied and saved."""
        sections = [
            ("Sana Desktop: report of a mistake", self.time.strftime("%Y-%m-%d %H:%M:%S UTC")),
            ("What happened", self.error),
            ("Where", self.trace.strip()),
            ("Versions and machine", "\n".join(f"{name}: {value}" for name, value in self.facts)),
        ]
        if with_job and self.job:
            sections.append(("Prompt and settings", self.job))
        if with_picture and self.picture:
            sections.append(("Last picture", self.picture))
        if self.log:
            sections.append((f"The last {len(self.log)} lines of the log, without prompts", "\n".join(self.log)))
        return "\n\n".join(f"{title}\n{'-' * len(title)}\n{body}" for title, body in sections if body) + "\n"

    @property
    def fingerprint(self) -> str:
        """What two reports of the same mistake have in common."""
        return f"{self.error.partition(':')[0]} {self.trace.strip().rpartition('  File ')[2].partition(', in')[0]}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """What only the user may give away: every prompt of this run, the job at hand, the last picture's path."""

    prompts: tuple[str, ...] = ()
    job: str = ""
    picture: str = ""


def make_report(
    error: str, trace: str, facts: tuple[tuple[str, str], ...], log: Path | None, private: Private, time: datetime
) -> CrashReport:
    """Put a report together from raw texts, the end of the log file `log` among them; scrubs all of them."""
    scrubber = Scrubber(private.prompts)
    return CrashReport(
        time=time,
        error=scrubber.scrub(error),
        trace=scrubber.scrub(trace),
        facts=tuple((name, scrubber.scrub(value)) for name, value in facts),
        log=tuple(scrubber.scrub("\n".join(log_tail(log))).splitlines()) if log else (),
        job=scrubber.shorten(private.job),
        picture=scrubber.shorten(private.picture),
    )


def now() -> datetime:
    """The time of a report."""
    return datetime.now(UTC)


def job_text(recipe: Recipe) -> str:
    """Everything about the picture that was drawn, one setting per line; private."""
    return "\n".join(f"{field.name}: {getattr(recipe, field.name)}" for field in dataclasses.fields(recipe))


def log_tail(path: Path, lines: int = LOG_LINES) -> tuple[str, ...]:
    """The last lines of a log, each at most 2000 letters; none where it cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - LARGEST_LOG_TAIL))
            data = file.read(LARGEST_LOG_TAIL)
    except OSError:
        return ()
    return tuple(line[:LONGEST_LINE] for line in data.decode("utf-8", "replace").splitlines()[-lines:])


def save_report(folder: Path, text: str, time: datetime) -> Path:
    """Write a report as `crash-<time>.txt`, readable for its owner only; raises OSError."""
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    write_whole(path, text.encode("utf-8", "replace"))
    path.chmod(0o600)
    return path


def _phrases(secrets: Iterable[str]) -> tuple[str, ...]:
    """The secrets, and the lines and comma-separated parts of them, the longest first; as typed and as printed."""
    found: set[str] = set()
    for secret in secrets:
        whole = secret.strip()
        if len(whole) >= SHORTEST_SECRET:
            found.add(whole)
        found.update(part.strip() for part in re.split(r"[\n,.;]", secret) if len(part.strip()) >= SHORTEST_PHRASE)
    printed = {repr(text)[1:-1] for text in found} | {ascii(text)[1:-1] for text in found}
    return tuple(sorted(found | printed, key=lambda text: (-len(text), text)))
