"""Events may cross threads and, one day, processes."""

import pickle
from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest

from sana_desktop.domain.events import JobEvent, JobFailed, JobStarted
from sana_desktop.errors import PackError
from support.recipes import APPLE

KINDS = get_args(JobEvent)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_of_a_job_begins_with_the_number_of_its_job(kind: type) -> None:
    assert fields(kind)[0].name == "job"


def test_an_event_cannot_be_changed_on_its_way() -> None:
    event = JobStarted(1, APPLE)
    with pytest.raises(FrozenInstanceError):
        event.job = 2  # pyright: ignore[reportAttributeAccessIssue]


def test_an_event_arrives_in_another_process_as_it_was_sent() -> None:
    assert pickle.loads(pickle.dumps(JobStarted(1, APPLE))) == JobStarted(1, APPLE)
    failed = pickle.loads(pickle.dumps(JobFailed(1, PackError("expected a pack, found none", hint="Install one."))))
    assert isinstance(failed.error, PackError)
    assert (str(failed.error), failed.error.hint) == ("expected a pack, found none", "Install one.")
