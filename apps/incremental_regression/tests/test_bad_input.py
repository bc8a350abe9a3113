"""Bad input ends with one line, and with 42 when another try can't do better."""

import resource

import pytest


def last_words(ended):
    assert ended.error.startswith("incremental-regression: ")
    assert ended.error.count("\n") == 1
    return ended.code, ended.error.removeprefix("incremental-regression: ").strip()


def test_a_missing_dataset_is_final(train, tmp_path):
    folder = tmp_path / "nowhere"
    line = f"{folder}: there is no such folder; mount the dataset there, or name another with --data"
    assert last_words(train(data=folder)) == (42, line)


def test_an_empty_dataset_is_final(train, tmp_path):
    (tmp_path / "empty").mkdir()
    line = f"{tmp_path}/empty: holds no .csv file; the dataset is empty, or it is mounted elsewhere"
    assert last_words(train(data=tmp_path / "empty")) == (42, line)


def test_a_stream_without_rows_is_final(train, tmp_path, stream):
    header = (stream / "campaign-0000.csv").read_text().splitlines()[0]
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare/a.csv").write_text(header + "\n")
    line = "the stream holds a header and no rows; there is nothing to learn"
    assert last_words(train(data=tmp_path / "bare")) == (42, line)


@pytest.mark.parametrize("bad", ["1,2,three,4,5,6,7", "1,2,3", "1,2,3,4,5,6,nan", "\x00\x00"])
def test_a_line_that_isnt_numbers_is_final(train, stream, bad):
    path = stream / "campaign-0001.csv"
    before = path.read_text()
    path.write_text(f"{before}{bad}\n")
    line = f"{path}: byte {len(before)}: must be 7 finite numbers, got {bad!r}; correct the line or leave it out"
    assert last_words(train()) == (42, line)


def test_a_missing_target_is_final(train, stream):
    code, line = last_words(train("--target", "zinc"))
    assert code == 42
    assert line.startswith(f"{stream}/campaign-0000.csv: has no column 'zinc', only depth_cm, clay_percent, ")


def test_files_with_other_columns_are_final(train, stream):
    (stream / "campaign-0001.csv").write_text("ph,organic_carbon_percent\n1,2\n")
    line = f"{stream}/campaign-0001.csv: its columns differ from campaign-0000.csv's; one stream has one header"
    assert last_words(train()) == (42, line)


def test_a_file_that_shrank_is_final(train, stream):
    train()
    path = stream / "campaign-0002.csv"
    path.write_text(path.read_text()[:200])
    line = f"{path}: is shorter than what was learned of it; a file of the stream must not change"
    assert last_words(train()) == (42, line)


def test_a_changed_setting_is_final(train, tmp_path):
    train()
    line = (
        f"{tmp_path}/out/checkpoints/step-00000009: was learned with seed 0, got 1; "
        "keep the setting, or start anew in another --out"
    )
    assert last_words(train("--seed", 1)) == (42, line)


def test_a_model_that_diverges_is_final(train, tmp_path):
    (tmp_path / "wild").mkdir()
    (tmp_path / "wild/a.csv").write_text("ph,zinc\n" + "".join(f"{row},{(-1) ** row * 1e200}\n" for row in range(60)))
    code, line = last_words(train("--target", "zinc", "--learning-rate", 10, data=tmp_path / "wild"))
    assert code == 42
    assert line == "step 1: the model diverged: the loss is no longer a finite number; lower --learning-rate"


def test_a_full_disk_keeps_the_checkpoint_before(train, tmp_path):
    train()
    saved = sorted(path.name for path in (tmp_path / "out/checkpoints").glob("step-*"))
    for path in (tmp_path / "out/checkpoints").glob("step-00000009"):
        path.rename(path.with_name("elsewhere"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))  # a file of the checkpoint is larger than that
    try:
        ended = train()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    line = (
        f"{tmp_path}/out/checkpoints/step-00000009: not saved, no room on the volume; the one of step 8 is kept; "
        "give the volume more room"
    )
    assert last_words(ended) == (1, line)
    assert train().named("resumed")[0]["step"] == 8
    assert sorted(path.name for path in (tmp_path / "out/checkpoints").glob("step-*")) == saved
