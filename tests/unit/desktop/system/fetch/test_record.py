import json
from pathlib import Path

import pytest

from sana_desktop.errors import PackError
from sana_desktop.system.fetch.record import FILE_NAME, FetchRecord, read_record, write_record
from sana_desktop.system.fetch.remote import RemoteFile
from support.listings import COMMIT

RECORD = FetchRecord(
    pack_id="sana-600m-512px",
    repository="us/toy",
    revision=COMMIT,
    endpoint="https://hub.test",
    terms=("nvidia-open-model", "gemma"),
    files=(
        RemoteFile(path="vae/config.json", size=2, git_sha1="a" * 40),
        RemoteFile(path="vae/a.safetensors", size=3000, sha256="b" * 64),
    ),
)


def test_a_record_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path, RECORD)
    assert read_record(tmp_path) == RECORD
    assert RECORD.total_bytes == 3002
    assert RECORD.listing.revision == COMMIT


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("format", 2, "must be a whole number from 1 to 1"),
        ("pack", "../x", "must be the id of a pack"),
        ("revision", "main", "must be a commit of 40"),
        ("files", [{"path": "../../.bashrc", "size": 1, "sha256": "b" * 64}], "is not a path inside the repository"),
        ("files", [7], "is not a path inside the repository"),
        ("files", [{"path": "a", "size": 1}], "no hash"),
        ("extra", 1, "is not a known key"),
    ],
)
def test_a_record_that_somebody_changed_is_refused(tmp_path: Path, key: str, value: object, complaint: str) -> None:
    write_record(tmp_path, RECORD)
    document = json.loads((tmp_path / FILE_NAME).read_text())
    (tmp_path / FILE_NAME).write_text(json.dumps({**document, key: value}))
    with pytest.raises(PackError, match=complaint):
        read_record(tmp_path)
