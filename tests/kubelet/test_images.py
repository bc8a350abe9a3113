"""Which program stands for an image."""

import subprocess
from pathlib import Path

import pytest

from podzol.faults import UserError
from podzol.kubelet.images import NoProgram, images


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("busybox", ["sh"]),
        ("docker.io/library/busybox:1.37.0", ["sh"]),
        ("python:3.13-slim", ["python3"]),
        ("registry.example.com:5000/team/python@sha256:" + "0" * 64, ["python3"]),
        ("registry.k8s.io/hpa-example:latest", ["80"]),
        ("ghcr.io/stefanprodan/podinfo:6.9.1", ["9898"]),
    ],
)
def test_an_image_is_known_by_the_end_of_its_name(image: str, command: list[str]) -> None:
    assert images().program(image).command == command


def test_an_image_that_no_program_stands_for_is_not_pulled() -> None:
    with pytest.raises(NoProgram) as caught:
        images().program("example.com/notpython:1")
    assert caught.value.reason == "ErrImagePull"
    assert str(caught.value).startswith('no program of this machine stands for image "example.com/notpython:1"; images')


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(NoProgram) as caught:
        images().program("Not An Image")
    assert (caught.value.reason, str(caught.value)) == (
        "InvalidImageName",
        'couldn\'t parse image name "Not An Image"',
    )


def test_images_of_one_s_own_come_first(tmp_path: Path) -> None:
    own = tmp_path / "images.yaml"
    own.write_text("example.com/trainer: {entrypoint: [python3, train.py]}\nbusybox: {command: [dash]}\n")
    table = images(own)
    assert table.program("example.com/trainer:2").entrypoint == ["python3", "train.py"]
    assert table.program("busybox").command == ["dash"]
    assert table.program("alpine").command == ["sh"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a: {entry: [x]}",
            '{file}: a.entry: extra inputs are not permitted, got ["x"]',
        ),
        ("a: {command: x}", '{file}: a.command: input should be a valid list, got "x"'),
    ],
)
def test_a_faulty_file_is_refused_with_all_its_faults(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "images.yaml"
    own.write_text(text)
    with pytest.raises(UserError) as caught:
        images(own)
    assert str(caught.value) == said.format(file=own)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        images(tmp_path / "no.yaml")
    rule = "--images: must be a YAML file that can be read"
    assert str(caught.value) == f'{rule}, got "{tmp_path}/no.yaml"; No such file or directory'


def test_every_program_of_ours_has_what_it_names() -> None:
    for name, program in images().programs.items():
        if program.make:
            folder = Path(program.folders[0])
            assert (folder / program.make[0]).exists(), name
            assert (folder / "apps" / program.make[1] / "pyproject.toml").exists(), name


def test_the_page_answers_and_ends_when_asked() -> None:
    page = images().program("hpa-example")
    process = subprocess.Popen([*page.entrypoint, "0", "127.0.0.1"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "listening on 127.0.0.1, port 0\n"
    process.terminate()
    assert process.wait(10) == 0
