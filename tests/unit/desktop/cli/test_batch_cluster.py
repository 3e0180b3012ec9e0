import pickle
from pathlib import Path

import pytest

from sana_desktop.cli import batch_cluster
from sana_desktop.cli.batch_cluster import address_of, engine_there
from sana_desktop.cli.composition import ENVIRONMENT, make_engine
from sana_desktop.errors import KnownError
from support.fake_engine import FakeEngine


def test_the_cluster_of_this_machine_or_one_with_an_address():
    assert address_of("ray") == "auto"
    assert address_of("ray://head:10001") == "ray://head:10001"


@pytest.mark.parametrize("wrong", ["", "slurm", "ray:", "ray://", "http://head"])
def test_other_words_name_no_cluster(wrong: str):
    with pytest.raises(KnownError, match="is not a cluster"):
        address_of(wrong)


def test_an_engine_is_made_with_the_folders_of_the_machine_that_it_is_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("SANA_DESKTOP_HOME", str(tmp_path / "there"))
    given: list[object] = []

    def make(paths: object, find_pack: object, **named: object) -> FakeEngine:
        given.append(paths)
        return FakeEngine()

    engine_there(make, (tmp_path,))
    assert str(tmp_path / "there") in str(given[0])


def test_what_makes_engines_can_travel():
    assert pickle.loads(pickle.dumps(make_engine)) is make_engine


def test_the_machines_hear_what_this_program_tells_libraries():
    assert batch_cluster._ENVIRONMENT.items() >= ENVIRONMENT.items()
