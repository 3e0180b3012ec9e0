from pathlib import Path

from sana_desktop.gallery.repair import repair
from support.gallery import Gallery, write_own


def test_after_a_repair_every_row_has_its_file_and_every_file_its_row(tmp_path: Path):
    with Gallery(tmp_path) as gallery:
        gallery.add("gone.png", seed=1)
        gallery.add("there.png", seed=2)
        (gallery.pictures / "gone.png").unlink()
        write_own(gallery.pictures / "new.png", seed=3)

        report = repair(gallery.db)

        assert report.is_sound
        assert (report.scan.missing, report.scan.added) == (1, 1)
        assert sorted(gallery.find()) == ["new.png", "there.png"]


def test_a_broken_index_of_words_is_made_again(tmp_path: Path):
    with Gallery(tmp_path) as gallery:
        gallery.add("1.png", prompt="a fox")
        gallery.db.execute("UPDATE words_content SET c0 = 'an owl' WHERE id = 1")
        assert gallery.find("owl") == []

        report = repair(gallery.db)

        assert report.is_sound
        assert gallery.find("owl") == ["1.png"]


def test_a_folder_that_cannot_be_reached_leaves_it_unsound(tmp_path: Path):
    with Gallery(tmp_path) as gallery:
        gallery.add("1.png")
        gallery.pictures.rename(tmp_path / "unplugged")

        report = repair(gallery.db)

        assert (report.is_sound, report.rows_without_file) == (False, 1)
