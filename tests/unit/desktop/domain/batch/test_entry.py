from sana_desktop.domain.batch.entry import Entry


def test_iterations_and_batches_multiply():
    assert Entry(line=1, prompt="fox", batch_size=2, n_iter=3).count == 6


def test_the_column_is_that_of_the_first_flag_that_was_given():
    entry = Entry(line=1, prompt="fox", columns={"height": 9})
    assert entry.column("width", "height") == 9
    assert entry.column("seed") == 1
