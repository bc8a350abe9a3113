"""The table of tools against the pins that they are built from."""

import pytest

from podzol.faults import UserError
from podzol.local.toolchain import go
from podzol.local.toolchain.pins import pins_folder
from podzol.local.toolchain.tools import Tool, all_tools, select

TOOLS = all_tools().values()


def required(folder: str) -> dict[str, str]:
    """Module -> version, as go.mod of that folder requires them."""
    lines = (pins_folder() / folder / "go.mod").read_text().splitlines()
    words = [line.removeprefix("require ").split() for line in lines]
    return {line[0]: line[1] for line in words if len(line) in (2, 4) and line[1].startswith("v")}


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_the_table_has_the_versions_of_go_mod(tool: Tool) -> None:
    assert required(tool.folder)[tool.module] == tool.version


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_package_is_named_by_tools_go_so_that_go_mod_tidy_keeps_it(tool: Tool) -> None:
    imports = (pins_folder() / tool.folder / "tools.go").read_text()
    assert f'_ "{tool.package or tool.module}' in imports


def test_every_tool_gives_either_a_program_or_manifests() -> None:
    assert [tool.name for tool in TOOLS if bool(tool.package) == bool(tool.files)] == []


def test_every_release_file_names_its_version_and_machine_and_its_source() -> None:
    for tool in TOOLS:
        if tool.release:
            assert "{version}" in tool.release.url, tool.name
            assert "{os}" in tool.release.url, tool.name
            assert "{arch}" in tool.release.url, tool.name
            assert tool.release.source.startswith("https://"), tool.name


def test_the_wheel_of_go_is_new_enough_for_the_pins() -> None:
    assert go.parse(f"go{go.wheel_folder().name}") >= go.needed()


def test_versions_of_go_are_read_as_go_prints_them() -> None:
    assert go.parse("go1.26.8") == (1, 26, 8)
    assert go.parse("go1.27") == (1, 27, 0)
    assert go.parse("module x\n\ngo 1.26.6\n\ngodebug default=go1.26\n") == (1, 26, 6)
    assert go.parse("devel +abc") == ()


def test_a_group_and_a_name_select_tools_in_the_order_of_the_table() -> None:
    assert [tool.name for tool in select(["registry", "helm"])] == ["helm", "registry"]
    assert {tool.group for tool in select(["autoscaling"])} == {"autoscaling"}


def test_unknown_tools_are_refused_all_at_once() -> None:
    with pytest.raises(UserError) as error:
        select(["helm", "heml", "cubectl"])
    assert [fault.got for fault in error.value.faults] == ["heml", "cubectl"]
    assert str(error.value.faults[0]).startswith('NAME: must be a tool or a group of tools, got "heml"; take one of ')
