from dataclasses import replace
from pathlib import Path

from sana_desktop.domain.job import JobState, Order
from sana_desktop.domain.sizes import Size
from sana_desktop.services.queue_journal import QueueJournal
from sana_desktop.services.queue_rows import StoredJob
from sana_desktop.services.queued_job import QueuedJob, restored_job
from sana_desktop.services.saving import PictureSaver, plan_output
from support.fake_engine import fake_picture
from support.recipes import recipe

ORDER = Order(recipe=recipe(size=Size(32, 32), seed=7), count=3)


def restored(folder: Path, file: Path | None, done: int = 1) -> tuple[QueuedJob, int]:
    """The job as the queue gets it, and how many pictures the journal knows of afterwards."""
    with QueueJournal(folder / "queue.sqlite") as journal:
        journal.add(1, ORDER)
        for seed in range(7, 7 + done):
            journal.saved(1, seed, folder / "saved.png")
        job = restored_job(StoredJob(1, ORDER, done, file), journal)
        (after,) = journal.load()
    return job, after.done


def test_a_job_of_the_last_run_waits_with_what_it_has(tmp_path: Path):
    job, known = restored(tmp_path, None)

    assert (job.number, job.order, job.done, job.restored, job.state) == (1, ORDER, 1, True, JobState.QUEUED)
    assert known == 1


def test_the_picture_that_was_written_last_is_found_and_noted(tmp_path: Path):
    file = PictureSaver(plan_output(None, tmp_path))(1, fake_picture(ORDER.recipe.with_seed(8)))

    job, known = restored(tmp_path, file)

    assert (job.done, known) == (2, 2)


def test_a_file_that_is_missing_or_another_picture_does_not_count(tmp_path: Path):
    save = PictureSaver(plan_output(None, tmp_path))
    other = save(1, fake_picture(replace(ORDER.recipe, seed=8, prompt="another")))
    (tmp_path / "empty.png").touch()

    for file in (other, tmp_path / "empty.png", tmp_path / "missing.png", tmp_path):
        job, known = restored(tmp_path, file)
        assert (job.done, known) == (1, 1)
        (tmp_path / "queue.sqlite").unlink()
