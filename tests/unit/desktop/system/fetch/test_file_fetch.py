import hashlib
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sana_desktop.errors import FetchError, JobCancelledError, MachineError
from sana_desktop.system.fetch.file_fetch import Allowance, Attendants, FileFetch, Patience
from sana_desktop.system.fetch.hub import Body, Hub, TroubleError
from sana_desktop.system.fetch.remote import RemoteFile, read_listing
from support.hub_stand_in import HubStandIn, Vices, serve_file, toy_files
from support.listings import content_listing

SIZES = {"vae/a.safetensors": 400_000, "vae/config.json": 900, "transformer/b.safetensors": 250_000}
QUIET = Attendants(check=lambda: None, wait=lambda seconds: None)
DATA = bytes(range(256)) * 40
FILE = RemoteFile(path="vae/a", size=len(DATA), sha256=hashlib.sha256(DATA).hexdigest())

Answer = Callable[[int], Body]


def opener(*answers: Answer) -> Callable[[int], Iterator[Body]]:
    """What gives one answer after the other, and fails the test when asked once more."""
    left = list(answers)

    @contextmanager
    def open_at(start: int) -> Generator[Body]:
        yield left.pop(0)(start)

    return open_at  # pyright: ignore[reportReturnType]


def whole(start: int) -> Body:
    return Body(start, len(DATA), iter([DATA[start:]]))


def refuses_ranges(start: int) -> Body:
    return Body(0, len(DATA), iter([DATA[:3000], DATA[3000:]]))


def breaks_after(count: int) -> Answer:
    return lambda start: Body(start, len(DATA), iter([DATA[start : start + count]]))


def fetch(
    part: Path, *answers: Answer, allowance: int = 0, attendants: Attendants = QUIET, patience: Patience | None = None
) -> None:
    open_at = opener(*answers)
    FileFetch(FILE, part, open_at, Allowance(allowance), patience or Patience()).run(attendants)  # pyright: ignore[reportArgumentType]


def test_a_file_is_gone_on_with_after_every_break(tmp_path: Path) -> None:
    part = tmp_path / "deep" / "a.part"
    fetch(part, breaks_after(1000), breaks_after(1), breaks_after(5000), whole)
    assert part.read_bytes() == DATA


def test_what_an_earlier_run_left_is_not_fetched_again(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(DATA[:7777])
    seen: list[int] = []

    def rest(start: int) -> Body:
        seen.append(start)
        return whole(start)

    fetch(part, rest)
    assert seen == [7777]
    assert part.read_bytes() == DATA


def test_a_finished_part_needs_no_answer(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    part.write_bytes(DATA)
    fetch(part)


def test_a_part_that_is_too_long_or_a_link_is_not_trusted(tmp_path: Path) -> None:
    part, outside = tmp_path / "a.part", tmp_path / "outside"
    part.write_bytes(DATA + b"more")
    fetch(part, whole)
    assert part.read_bytes() == DATA
    part.unlink()
    outside.write_bytes(b"precious")
    part.symlink_to(outside)
    fetch(part, whole)
    assert (part.read_bytes(), part.is_symlink(), outside.read_bytes()) == (DATA, False, b"precious")


def test_a_damaged_file_is_fetched_again_while_the_allowance_lasts(tmp_path: Path) -> None:
    part = tmp_path / "a.part"

    def damaged(start: int) -> Body:
        return Body(start, len(DATA), iter([b"?" + DATA[start + 1 :]]))

    fetch(part, damaged, whole, allowance=len(DATA))
    assert part.read_bytes() == DATA
    part.unlink()
    with pytest.raises(FetchError, match=r"vae/a arrived damaged: expected the hash .+, found") as caught:
        fetch(part, damaged, allowance=len(DATA) - 1)
    assert "only this file" in caught.value.hint
    assert not part.exists()


def test_a_server_without_ranges_is_listened_to_twice_only_while_the_allowance_lasts(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    fetch(part, breaks_after(5000), refuses_ranges, allowance=5000)
    assert part.read_bytes() == DATA
    part.unlink()
    with pytest.raises(FetchError, match="cannot go on in the middle of vae/a"):
        fetch(part, breaks_after(5000), refuses_ranges, allowance=4999)
    # The next time the user asks, it starts from the beginning.
    assert not part.exists()


def test_a_server_that_sends_too_much_is_not_listened_to(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    fetch(part, lambda start: Body(0, None, iter([DATA + b"x" * 10**6, b"y"])))
    assert part.read_bytes() == DATA


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (lambda start: Body(start, 5, iter([])), "the server says 5 bytes, and the list of files 10240"),
        (lambda start: Body(start + 3, len(DATA), iter([])), "the server sent bytes from 3 on instead of 0"),
        (lambda start: Body(start, None, iter([])), "the answer ended early"),
    ],
)
def test_a_server_that_lies_again_and_again_is_given_up_with_what_it_said(
    tmp_path: Path, answer: Answer, complaint: str
) -> None:
    waits: list[float] = []
    attendants = Attendants(check=lambda: None, wait=waits.append)
    with pytest.raises(FetchError, match=f"vae/a could not be fetched: {complaint}. Tried 4 times") as caught:
        fetch(tmp_path / "a.part", *[answer] * 4, attendants=attendants, patience=Patience(tries=3))
    assert waits == [1.0, 2.0, 4.0]
    assert "what has arrived is kept" in caught.value.hint


def test_a_busy_server_is_given_the_time_that_it_asks_for(tmp_path: Path) -> None:
    waits: list[float] = []
    told: list[tuple[str, float]] = []

    def busy(start: int) -> Body:
        raise TroubleError("busy", 90.0)

    attendants = Attendants(check=lambda: None, wait=waits.append, troubled=lambda *what: told.append(what))
    fetch(tmp_path / "a.part", busy, whole, attendants=attendants)
    assert waits == [90.0]
    assert told == [("busy", 90.0)]


def test_patience_comes_back_with_every_piece_that_is_worth_it(tmp_path: Path) -> None:
    waits: list[float] = []
    attendants = Attendants(check=lambda: None, wait=waits.append)
    patience = Patience(tries=2, least_bytes=1000)
    fetch(tmp_path / "a.part", *[breaks_after(1000)] * 9, whole, attendants=attendants, patience=patience)
    assert waits == [1.0] * 9


def test_waits_grow_up_to_a_limit_and_can_be_scattered() -> None:
    patience = Patience(scatter=lambda: 0.5)
    assert [patience.wait_after(count, None) for count in (1, 2, 3, 8)] == [0.5, 1.0, 2.0, 15.0]
    assert patience.wait_after(1, 3.0) == 3.0


def test_stopping_keeps_what_has_arrived(tmp_path: Path) -> None:
    part = tmp_path / "a.part"
    have: list[int] = []

    def check() -> None:
        if have:
            raise JobCancelledError("pause")

    def two_pieces(start: int) -> Body:
        return Body(0, len(DATA), iter([DATA[:4000], DATA[4000:]]))

    with pytest.raises(JobCancelledError):
        fetch(part, two_pieces, attendants=Attendants(check=check, wait=lambda _: None, arrived=have.append))
    assert part.read_bytes() == DATA[:4000]
    fetch(part, whole)
    assert part.read_bytes() == DATA


def test_a_full_disk_is_a_message_and_keeps_what_has_arrived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def full(file: int, data: bytes) -> int:
        if len(data) <= len(DATA) - 5000:
            raise OSError(28, "No space left on device")
        return write(file, data[:5000])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(MachineError, match="No space left on device"):
        fetch(tmp_path / "a.part", whole)
    monkeypatch.undo()
    assert (tmp_path / "a.part").read_bytes() == DATA[:5000]


def test_an_empty_file_is_made_without_asking(tmp_path: Path) -> None:
    empty = RemoteFile(path="e", size=0, sha256=hashlib.sha256(b"").hexdigest())
    FileFetch(empty, tmp_path / "e.part", opener(), Allowance(0), Patience()).run(QUIET)  # pyright: ignore[reportArgumentType]
    assert (tmp_path / "e.part").read_bytes() == b""


@pytest.mark.parametrize("seed", range(50))
def test_whatever_the_network_does_the_files_are_right_or_the_message_is_clear(tmp_path: Path, seed: int) -> None:
    files = toy_files(seed, SIZES)
    vices = Vices(
        seed=seed,
        drop=(0.8, 0.3, 0.0)[seed % 3],
        reset=0.3,
        corrupt=(0.0, 0.15)[seed % 2],
        longer=0.1,
        shorter=0.1,
        no_ranges=(0.0, 0.0, 0.0, 0.5)[seed % 4],
        busy=0.2,
        wrong_place=0.1,
        redirect=0.5,
    )
    hub = HubStandIn(files, vices)
    listing = read_listing(content_listing(files), "us/toy")
    total = sum(SIZES.values())
    allowance = Allowance(total // 40)
    outcomes: list[str] = []
    received = 0
    with serve_file(hub, tmp_path) as make_client, Hub(make_client, "http://hub.test") as client:
        for file in listing.files:
            part = tmp_path / f"{file.path}.part"

            @contextmanager
            def open_at(start: int, path: str = file.path) -> Generator[Body]:
                with client.open(listing, path, start) as body:
                    yield Body(body.start, body.total, counted(body.chunks))

            def counted(chunks: Iterator[bytes]) -> Iterator[bytes]:
                nonlocal received
                for chunk in chunks:
                    received += len(chunk)
                    yield chunk

            try:
                FileFetch(file, part, open_at, allowance, Patience(tries=40)).run(QUIET)
            except FetchError as error:
                outcomes.append(f"{error} {error.hint}")
            else:
                assert hashlib.sha256(part.read_bytes()).digest() == hashlib.sha256(files[file.path]).digest()
                outcomes.append("right")
    assert received <= 1.05 * total
    assert len(outcomes) == len(SIZES)
    # Without the vices that cost a second fetch, the network may do what it likes.
    clear = ("arrived damaged", "cannot go on in the middle", "could not be fetched")
    assert all(outcome == "right" or any(words in outcome for words in clear) for outcome in outcomes)
    if not vices.corrupt and not vices.no_ranges:
        assert outcomes == ["right"] * len(SIZES)
