"""The same files give the same archive."""

import os
import tarfile
from pathlib import Path

from bundling.archive import write_archive


def folder_in(parent: Path) -> Path:
    folder = parent / "sana-desktop"
    (folder / "inside äé").mkdir(parents=True)
    (folder / "sana-desktop").write_bytes(b"program")
    (folder / "sana-desktop").chmod(0o700)
    (folder / "inside äé" / "data").write_bytes(b"data")
    (folder / "link").symlink_to("inside äé/data")
    return folder


def test_when_and_where_it_was_made_changes_nothing(tmp_path: Path) -> None:
    for name, moment in (("one", 1000), ("two", 2000)):
        (tmp_path / name).mkdir()
        folder = folder_in(tmp_path / name)
        os.utime(folder / "sana-desktop", (moment, moment))
        write_archive(folder, tmp_path / f"{name}.tar.gz", 1234567890)
    assert (tmp_path / "one.tar.gz").read_bytes() == (tmp_path / "two.tar.gz").read_bytes()


def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    folder = folder_in(tmp_path / "in")
    # Two names of one file, as PyInstaller and pip may leave them.
    os.link(folder / "inside äé" / "data", folder / "inside äé" / "same")
    write_archive(folder, tmp_path / "a.tar.gz", 1234567890)
    with tarfile.open(tmp_path / "a.tar.gz") as tar:
        members = {entry.name: entry for entry in tar.getmembers()}
        tar.extractall(tmp_path / "out", filter="data") if hasattr(tarfile, "data_filter") else tar.extractall(
            tmp_path / "out"
        )
    assert all((entry.mtime, entry.uid, entry.uname) == (1234567890, 0, "") for entry in members.values())
    out = tmp_path / "out" / "sana-desktop"
    assert (out / "link").read_bytes() == (out / "inside äé" / "same").read_bytes() == b"data"
    assert os.access(out / "sana-desktop", os.X_OK)
    assert members["sana-desktop/inside äé/data"].mode == 0o644
    assert members["sana-desktop/sana-desktop"].mode == 0o755
