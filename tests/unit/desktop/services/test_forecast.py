import threading
from dataclasses import replace
from pathlib import Path

import pytest

from sana_desktop.domain.choices import Precision, Solver
from sana_desktop.domain.events import JobFinished, JobStarted, Phase, PhaseStarted, PictureSaved
from sana_desktop.domain.job import Order
from sana_desktop.domain.picture import Picture, Timings
from sana_desktop.domain.recipe import Recipe
from sana_desktop.domain.sizes import Size
from sana_desktop.services.forecast import Basis, SpeedBook, work_of
from sana_desktop.services.generation import GenerationQueue
from support.fake_engine import FakeEngine, fake_picture
from support.recipes import recipe

APPLE = recipe(steps=20, size=Size(256, 256))


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def drawn(of: Recipe, *, load: float = 0.0, encode: float = 0.0, step: float = 0.1, decode: float = 0.4) -> Picture:
    """A picture that took so long."""
    steps = of.stop_after or of.steps
    return replace(fake_picture(of), timings=Timings(load=load, encode=encode, sample=step * steps, decode=decode))


def warm_book(of: Recipe = APPLE) -> SpeedBook:
    """A book after two pictures: steps take 0.1 s, the decode 0.4 s."""
    book = SpeedBook()
    book.learn(drawn(of, load=3.0, encode=1.0, step=0.5, decode=2.0), startup=4.0)
    book.learn(drawn(of))
    return book


def seconds(book: SpeedBook, of: Recipe, count: int = 1, batch: int = 1) -> float:
    forecast = book.forecast(Order(recipe=of, count=count, batch=batch))
    assert forecast.seconds is not None
    return forecast.seconds


def test_nothing_is_promised_before_something_was_drawn_with_the_pack():
    forecast = SpeedBook().forecast(Order(recipe=APPLE))
    assert (forecast.seconds, forecast.basis) == (None, Basis.UNKNOWN)
    assert warm_book().forecast(Order(recipe=recipe(pack="other"))).seconds is None
    assert warm_book().forecast(Order(recipe=recipe(precision=Precision.FP32))).seconds is None


def test_a_size_that_was_drawn_takes_as_long_again():
    forecast = warm_book().forecast(Order(recipe=APPLE))

    assert forecast.seconds == pytest.approx(20 * 0.1 + 0.4)
    assert forecast.basis is Basis.MEASURED


def test_other_steps_and_counts_follow():
    assert seconds(warm_book(), replace(APPLE, steps=10), count=3) == pytest.approx(3 * (10 * 0.1 + 0.4))
    assert seconds(warm_book(), replace(APPLE, steps=10, stop_after=4)) == pytest.approx(4 * 0.1 + 0.4)


def test_pictures_that_exist_cost_nothing():
    assert warm_book().forecast(Order(recipe=APPLE, count=10), done=8).seconds == pytest.approx(2 * 2.4)
    assert warm_book().forecast(Order(recipe=APPLE, count=2), done=2).seconds == 0


def test_another_size_costs_in_proportion_to_its_positions():
    forecast = warm_book().forecast(Order(recipe=replace(APPLE, size=Size(512, 512))))

    assert forecast.seconds == pytest.approx(4 * (20 * 0.1 + 0.4))
    assert forecast.basis is Basis.SCALED


def test_the_nearest_size_that_was_drawn_is_asked():
    book = warm_book()
    book.learn(drawn(replace(APPLE, size=Size(1024, 1024)), step=1.0, decode=10.0))

    assert seconds(book, replace(APPLE, size=Size(1024, 512))) == pytest.approx((20 * 1.0 + 10) / 2)


def test_without_guidance_the_network_is_asked_once_per_step():
    plain = replace(APPLE, guidance=1.0)

    assert seconds(warm_book(), plain) == pytest.approx(20 * 0.05 + 0.4)
    assert work_of(replace(APPLE, guidance=5.0, solver=Solver.SPRINT), 1).passes == 1


def test_a_batch_is_measured_once_and_as_a_whole():
    book = warm_book()
    # The others say the same; if they said something else, nobody would listen.
    pictures = [drawn(APPLE.with_seed(seed), step=step, decode=1.0) for seed, step in ((7, 0.15), (8, 9.0), (9, 9.0))]
    for picture in pictures:
        book.learn(replace(picture, provenance=replace(picture.provenance, batch_seeds=(7, 8, 9))))

    assert seconds(book, APPLE, count=6, batch=3) == pytest.approx(2 * (20 * 0.15 + 1.0))
    assert seconds(book, APPLE, count=4, batch=3) == pytest.approx(20 * 0.15 + 1.0 + 20 * 0.1 + 0.4)


def test_a_cold_engine_and_a_new_prompt_cost_what_they_cost_last_time():
    book = warm_book()
    other = drawn(replace(APPLE, pack="other", prompt="a fox"), load=9.0)
    book.learn(other)

    # Another pack is in memory now, and the prompt is known; then also the prompt is new.
    assert seconds(book, APPLE) == pytest.approx(4.0 + 3.0 + 2.4)
    assert seconds(book, replace(APPLE, prompt="a pear")) == pytest.approx(4.0 + 3.0 + 1.0 + 2.4)


def test_in_a_row_a_pack_is_loaded_once_and_a_prompt_read_once():
    book = warm_book()
    book.learn(drawn(replace(APPLE, pack="other"), load=9.0))
    pear = Order(recipe=replace(APPLE, prompt="a pear"), count=2)

    together = book.forecast_all([(pear, 0), (pear, 1), (Order(recipe=APPLE), 0)])

    assert together.seconds == pytest.approx(4.0 + 3.0 + 1.0 + 4 * 2.4)
    assert book.forecast_all([]).seconds == 0


def test_one_unknown_pack_makes_the_whole_row_unknown():
    orders = [(Order(recipe=APPLE), 0), (Order(recipe=recipe(pack="other")), 0)]

    assert warm_book().forecast_all(orders).seconds is None


def test_a_picture_finished_from_kept_latents_says_nothing_about_steps():
    book = warm_book()
    for _ in range(5):
        book.learn(replace(drawn(APPLE), timings=Timings(load=0, encode=0, sample=0, decode=0.4)))

    assert seconds(book, APPLE) == pytest.approx(2.4)


def test_a_book_learns_from_what_a_queue_tells_and_keeps_it(tmp_path: Path):
    path = tmp_path / "speeds.json"
    book = SpeedBook(path, Clock())
    with GenerationQueue(FakeEngine, lambda job, picture: tmp_path / "a.png", book.listener) as queue:
        queue.submit(APPLE)
        queue.wait_all()

    # The fake engine says 2 s for all steps, half a second for the decode; nothing is in memory after a restart.
    known = SpeedBook(path).forecast(Order(recipe=APPLE))
    assert known.basis is Basis.MEASURED
    assert known.seconds == pytest.approx(2.5 + 1.5 + 0.25)


def test_what_the_first_job_waits_for_before_its_first_phase_is_a_part_of_starting():
    clock = Clock()
    book = SpeedBook(clock=clock)
    book.listener(JobStarted(1, APPLE))
    clock.now += 6
    book.listener(PhaseStarted(1, Phase.LOAD))
    clock.now += 50
    book.listener(PhaseStarted(1, Phase.ENCODE))
    book.listener(PictureSaved(1, Path("a.png"), drawn(APPLE, load=1.0)))
    book.listener(PictureSaved(1, Path("b.png"), drawn(APPLE)))
    book.listener(JobFinished(1))
    book.learn(drawn(replace(APPLE, pack="other")))

    assert seconds(book, APPLE) == pytest.approx(6 + 1 + 2.4)


def test_it_may_be_asked_while_it_learns():
    book, errors = warm_book(), []

    def ask() -> None:
        for number in range(200):
            if book.forecast(Order(recipe=replace(APPLE, size=Size(32 * (1 + number % 9), 64)))).seconds is None:
                errors.append(number)

    thread = threading.Thread(target=ask)
    thread.start()
    for number in range(200):
        book.learn(drawn(replace(APPLE, size=Size(64, 32 * (1 + number % 50)))))
    thread.join()
    assert errors == []
