import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from sana_desktop.errors import FetchError
from sana_desktop.system.fetch.remote import Digest, RemoteFile, is_commit, read_listing
from support.listings import COMMIT, PUBLISHED, REPOSITORY, listing_json


def with_entry(**changes: object) -> bytes:
    entry = {"rfilename": "vae/config.json", "size": 10, "blobId": "a" * 40, **changes}
    return json.dumps({"sha": COMMIT, "siblings": [entry]}).encode()


def test_a_listing_is_read_with_its_commit_sizes_and_hashes() -> None:
    listing = read_listing(listing_json(PUBLISHED), REPOSITORY)
    assert (listing.repository, listing.revision) == (REPOSITORY, COMMIT)
    by_path = {file.path: file for file in listing.files}
    assert set(by_path) == set(PUBLISHED)
    large = by_path["vae/diffusion_pytorch_model.safetensors"]
    assert (large.size, large.hash, large.git_sha1) == (1_249_000_000, large.sha256, "")
    assert len(by_path["vae/config.json"].git_sha1) == 40


@pytest.mark.parametrize(
    "path",
    ["../vae/config.json", "vae/../../x", "/etc/passwd", "C:/x", "vae\\..\\..\\x", "", "a" * 500, "a\0b", None, 5],
)
def test_a_path_that_leaves_the_repository_is_refused(path: object) -> None:
    with pytest.raises(FetchError, match="is not a path inside the repository"):
        read_listing(with_entry(rfilename=path), "us/toy")


@pytest.mark.parametrize("size", [-1, 2**41, "10", None, True, 1.5])
def test_a_size_that_cannot_be_one_is_refused(size: object) -> None:
    with pytest.raises(FetchError, match="expected a size in bytes"):
        read_listing(with_entry(size=size), "us/toy")


@pytest.mark.parametrize("blob", [None, "", "xyz", "A" * 40, 7])
def test_a_file_without_a_hash_is_refused(blob: object) -> None:
    with pytest.raises(FetchError, match="no hash to check it by"):
        read_listing(with_entry(blobId=blob), "us/toy")


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"<html>login</html>", "not readable JSON"),
        (b"[]", "must hold a JSON object"),
        (b'{"sha": "main", "siblings": []}', "expected a commit"),
        (json.dumps({"sha": COMMIT}).encode(), "expected a list of at most"),
        (json.dumps({"sha": COMMIT, "siblings": [{}] * 10_001}).encode(), "expected a list of at most"),
        (json.dumps({"sha": COMMIT, "siblings": [3]}).encode(), "is not a path inside"),
        (json.dumps({"sha": COMMIT, "siblings": 2 * json.loads(with_entry())["siblings"]}).encode(), "listed twice"),
    ],
)
def test_an_answer_that_is_no_listing_is_refused_with_the_repository(data: bytes, complaint: str) -> None:
    with pytest.raises(FetchError, match=complaint) as caught:
        read_listing(data, "us/toy")
    assert str(caught.value).startswith("The list of files of us/toy makes no sense: ")
    assert "mirror" in caught.value.hint


def test_small_files_are_hashed_as_git_does(tmp_path: Path) -> None:
    data = b"a small file\n"
    (tmp_path / "file").write_bytes(data)
    digest = Digest(RemoteFile(path="file", size=len(data), git_sha1="0" * 40))
    digest.update(data[:3])
    digest.update(data[3:])
    asked = subprocess.run(["git", "hash-object", str(tmp_path / "file")], capture_output=True, text=True, check=True)
    assert digest.text() == asked.stdout.strip()


def test_large_files_are_hashed_with_sha256() -> None:
    digest = Digest(RemoteFile(path="file", size=3, sha256="0" * 64))
    digest.update(b"abc")
    assert digest.text() == hashlib.sha256(b"abc").hexdigest()


def test_only_a_whole_hash_is_a_commit() -> None:
    assert is_commit(COMMIT)
    assert not is_commit("main")
    assert not is_commit(COMMIT[:12])
