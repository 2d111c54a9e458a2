"""The kernelspec is an ordinary one, and refuses what could not work."""

import json
from pathlib import Path

import pytest
from briefing.prefork import BadKernelspec, kernelspec, write_kernelspec
from briefing.prefork.fingerprint import fingerprint
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import KernelProvisionerFactory


def test_a_written_kernelspec_is_read_by_jupyter_and_its_provisioner_found(tmp_path: Path) -> None:
    write_kernelspec(tmp_path, kernelspec("package.warm:up", [tmp_path / "*.csv"], display_name="Warm"))
    spec = KernelSpec.from_resource_dir(str(tmp_path))
    assert spec.argv[1:] == ["-P", "-s", "-m", "briefing.prefork.alone", "-f", "{connection_file}"]
    assert KernelProvisionerFactory.instance().is_provisioner_available(spec)
    assert json.loads((tmp_path / "kernel.json").read_text())["display_name"] == "Warm"


@pytest.mark.parametrize("warm_up", ["package", "package:", ":up", "a b:c", "package.warm:up()"])
def test_a_warm_up_that_names_no_function_is_refused(warm_up: str) -> None:
    with pytest.raises(BadKernelspec, match="names no warm-up"):
        kernelspec(warm_up, display_name="Warm")


def test_a_watched_file_that_depends_on_the_current_folder_is_refused() -> None:
    with pytest.raises(BadKernelspec, match="not an absolute name"):
        kernelspec("a:b", ["data/*.csv"], display_name="Warm")


def test_the_fingerprint_changes_with_the_name_size_or_time_of_a_file_and_not_else(tmp_path: Path) -> None:
    def now() -> str:
        return fingerprint([str(tmp_path / "**" / "*.csv")])

    seen = [now()]
    (tmp_path / "sub").mkdir()
    file = tmp_path / "sub" / "a.csv"
    for change in (
        lambda: file.write_text("1"),
        lambda: file.write_text("22"),
        lambda: file.rename(file.with_name("b.csv")),
    ):
        change()
        seen.append(now())
    assert len(set(seen)) == 4
    (tmp_path / "sub" / "other.txt").touch()
    assert now() == seen[-1]
