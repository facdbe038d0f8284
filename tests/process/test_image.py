"""Preparing an image: its ENV does not count as the user's; shims are found before their programs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from mkl_launch.core.errors import PreparationError, UsageError
from mkl_launch.image.prepare import install_shims, record_env
from testing.process import PATH, lines, machine, origins, report, said, shell, start, uncompiled, values
from testing.project import skip_or_fail

NOTE = "etc/mkl-launch/image-env"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return the root of an image, with room for the note."""
    (tmp_path / NOTE).parent.mkdir(parents=True)
    return machine(tmp_path)


def noted(image: Path, **environ: str) -> None:
    record_env({"PATH": PATH, "SECRET": "s", **environ}, str(image / NOTE))


def seen(launcher: str, image: Path, **environ: str) -> dict[str, tuple[str | None, str]]:
    """Return value and origin of each setting in that image, under a limit of one CPU."""
    found = report([launcher, "--json", "--sysroot", str(image), "--cpus", "1"], environ)
    return {name: (value, origins(found)[name]) for name, value in values(found).items()}


# The note


def test_records_only_variables_of_the_table(image: Path) -> None:
    noted(image, OMP_NUM_THREADS="2", KMP_AFFINITY="compact,1", KMP_BLOCKTIME="", MKL_NUM_THREADS="a\nb")
    text = (image / NOTE).read_text()
    assert sorted(text.splitlines()) == ["KMP_AFFINITY=compact,1", "KMP_BLOCKTIME=", "OMP_NUM_THREADS=2"]
    assert (image / NOTE).stat().st_mode & 0o777 == 0o644


def test_prepared_files_are_readable_by_all_under_a_private_umask(tmp_path: Path) -> None:
    note, shims = tmp_path / "etc" / "mkl-launch" / "image-env", tmp_path / "opt" / "shims"
    before = os.umask(0o077)
    try:
        record_env({}, str(note))
        install_shims(str(shims), ("serve",), "/bin/true", PATH)
    finally:
        os.umask(before)
    for folder in (*list(note.parents)[:2], shims, shims.parent):
        assert folder.stat().st_mode & 0o777 == 0o755
    assert note.stat().st_mode & 0o777 == 0o644


def test_a_computed_value_replaces_the_value_of_the_image(launcher: str, image: Path) -> None:
    noted(image, OMP_NUM_THREADS="2")
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("1", "computed")
    assert seen(launcher, image, OMP_NUM_THREADS="3")["OMP_NUM_THREADS"] == ("3", "user")
    assert seen(launcher, image)["OMP_NUM_THREADS"] == ("1", "computed")


def test_every_value_counts_as_the_users_without_a_record(launcher: str, image: Path) -> None:
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


def test_keeps_a_value_of_the_image_if_nothing_is_computed(launcher: str, image: Path) -> None:
    """Nobody has asked for arenas; whether to pin is decided either way."""
    baked = {"MALLOC_ARENA_MAX": "2", "KMP_AFFINITY": "compact"}
    noted(image, **baked)
    found = seen(launcher, image, **baked)
    assert found["MALLOC_ARENA_MAX"] == ("2", "image")
    assert found["KMP_AFFINITY"] == (None, "computed")
    assert seen(launcher, image, MALLOC_ARENA_MAX="3")["MALLOC_ARENA_MAX"] == ("3", "user")


def test_no_variable_follows_a_value_of_the_image(launcher: str, image: Path) -> None:
    noted(image, OMP_NUM_THREADS="8")
    assert seen(launcher, image, OMP_NUM_THREADS="8")["LLAMA_ARG_THREADS"] == ("1", "computed")


def test_a_report_names_the_value_of_the_image_that_is_replaced(launcher: str, image: Path) -> None:
    noted(image, OMP_NUM_THREADS="2")
    explain = [launcher, "--explain=all", "--sysroot", str(image), "--cpus", "1"]
    assert "the image's 2 is replaced" in said(explain, {"OMP_NUM_THREADS": "2"})


@pytest.mark.parametrize("mode", [0o666, 0o646, 0o664, 0o660])
def test_ignores_a_record_that_others_can_write(launcher: str, image: Path, mode: int) -> None:
    noted(image, OMP_NUM_THREADS="2")
    (image / NOTE).chmod(mode)
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


@pytest.mark.parametrize("mode", [0o775, 0o777, 0o757])
@pytest.mark.parametrize("folder", [".", "etc", "etc/mkl-launch"])
def test_ignores_a_record_that_others_can_replace(
    launcher: str, image: Path, folder: str, mode: int
) -> None:
    noted(image, OMP_NUM_THREADS="2")
    (image / folder).chmod(mode)
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


@pytest.mark.parametrize("folder", [".", "etc", "etc/mkl-launch"])
def test_ignores_a_record_below_a_directory_of_another_user(
    launcher: str, image: Path, folder: str
) -> None:
    if os.geteuid():
        skip_or_fail("giving a directory away takes root")
    noted(image, OMP_NUM_THREADS="2")
    os.chown(image / folder, 12345, 12345)
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


def test_ignores_a_record_behind_a_link_of_another_user(launcher: str, image: Path) -> None:
    if os.geteuid():
        skip_or_fail("giving a link away takes root")
    noted(image, OMP_NUM_THREADS="2")
    (image / "etc/mkl-launch").rename(image / "etc/other")
    (image / "etc/mkl-launch").symlink_to("/etc/other")
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("1", "computed")
    os.chown(image / "etc/mkl-launch", 12345, 12345, follow_symlinks=False)
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


def test_ignores_a_record_of_another_user(launcher: str, image: Path) -> None:
    if os.geteuid():
        skip_or_fail("giving a file away takes root")
    noted(image, OMP_NUM_THREADS="2")
    os.chown(image / NOTE, 12345, 12345)
    found = report([launcher, "--json", "--sysroot", str(image), "--cpus", "1"], {"OMP_NUM_THREADS": "2"})
    assert values(found)["OMP_NUM_THREADS"] == "2"
    assert any("image-env" in warning for warning in found["warnings"])


DAMAGED = ["", "\0", "OMP_NUM_THREADS", "=\n=x\n", "\xff", "OMP_NUM_THREADS=2" * 99999]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_ignores_a_damaged_record(launcher: str, image: Path, text: str) -> None:
    (image / NOTE).write_text(text, encoding="latin-1")
    assert seen(launcher, image, OMP_NUM_THREADS="2")["OMP_NUM_THREADS"] == ("2", "user")


def test_a_record_that_cannot_be_written_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PreparationError, match=r"^--record-image-env: /"):
        record_env({}, str(tmp_path / "file" / "note"))


# Shims

ECHO = '#!/bin/sh\necho "$0" "$OMP_NUM_THREADS" "$@"\n'


def program(place: Path, name: str, text: str = ECHO) -> str:
    place.mkdir(exist_ok=True)
    (place / name).write_text(text)
    (place / name).chmod(0o755)
    return str(place)


@pytest.fixture
def shims(launcher: str, tmp_path: Path) -> Path:
    said([launcher, "--install-shims", str(tmp_path / "shims"), "gunicorn"])
    return tmp_path / "shims"


def on_path(*places: object) -> dict[str, str]:
    return {"PATH": ":".join([*map(str, places), PATH]), "MKL_LAUNCH_LOG": "quiet", "MKL_LAUNCH_CPUS": "1"}


@pytest.mark.parametrize("name", ["sh", "dash", "busybox", "bash"])
def test_a_shim_plans_and_starts_the_next_of_its_name(shims: Path, tmp_path: Path, name: str) -> None:
    real = program(tmp_path / "real", "gunicorn")
    done = start([*shell(name), str(shims / "gunicorn"), "-w", "1", ""], on_path(shims, real))
    assert done.stdout.decode() == f"{real}/gunicorn 1 -w 1 \n"


def test_a_shim_is_found_by_a_shell_in_an_entry_point(shims: Path, tmp_path: Path) -> None:
    real = program(tmp_path / "real", "gunicorn")
    done = start(["sh", "-c", "cd / && exec gunicorn app"], on_path(shims, real))
    assert done.stdout.decode() == f"{real}/gunicorn 1 app\n"


def test_a_program_behind_a_shim_gets_its_plain_name_as_argv_0(shims: Path, tmp_path: Path) -> None:
    """As a shell would: some look at argv[0]."""
    busybox = shutil.which("busybox")
    if not busybox:
        skip_or_fail("busybox is not installed")
        return
    real = tmp_path / "real"
    real.mkdir()
    shutil.copy(busybox, real / "gunicorn")
    done = start(["sh", "-c", "exec gunicorn"], on_path(shims, real))
    assert b"gunicorn: applet not found" in done.stderr


def test_two_installations_do_not_call_each_other_for_ever(
    shims: Path, installed: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(installed / "bin", other / "bin")
    (other / "mkl_launch").symlink_to(installed / "mkl_launch")
    said([str(other / "bin" / "mkl-launch"), "--install-shims", str(tmp_path / "more"), "gunicorn"])
    real = program(tmp_path / "real", "gunicorn")
    more = tmp_path / "more"
    for places in ((shims, more), (more, shims), (shims, more, shims)):
        done = start(["sh", "-c", "gunicorn"], on_path(*places, real))
        assert done.stdout.decode() == f"{real}/gunicorn 1\n"


def test_a_shim_without_a_program_behind_it_exits_with_127(shims: Path) -> None:
    done = start(["sh", "-c", "gunicorn"], on_path(shims))
    assert done.returncode == 127
    assert "gunicorn: command not found on PATH after" in "\n".join(lines(done))


def test_a_shim_under_a_launcher_that_planned_for_it_starts_at_once(
    launcher: str, shims: Path, tmp_path: Path
) -> None:
    """What the outer one set stays, even where the shim would find other limits."""
    real = program(tmp_path / "real", "gunicorn")
    environ = {**on_path(shims, real), "MKL_LAUNCH_LOG": "info"}
    done = start([launcher, "--", "gunicorn", "app"], environ)
    assert done.stdout.decode() == f"{real}/gunicorn 1 app\n"
    assert len(lines(done)) == 1
    through = start([launcher, "--", "sh", "-c", "cd / && gunicorn app"], environ)
    assert through.stdout.decode() == f"{real}/gunicorn 1 app\n"
    assert len(lines(through)) == 1
    (tmp_path / "line").write_text("gunicorn app\n")
    hidden = start([launcher, "--", "sh", "-c", f'eval "$(sed -n 1p {tmp_path}/line)"'], environ)
    assert hidden.stdout.decode() == f"{real}/gunicorn 1 app\n"
    assert len(lines(hidden)) == 2, "the outer one knew nothing of gunicorn there, so the shim plans"


def test_a_shim_of_an_unknown_command_plans_under_another_unknown_command(
    launcher: str, tmp_path: Path
) -> None:
    """Neither has a name in the tables, so the outer launch cannot have planned for the inner one."""
    real, shims = program(tmp_path / "real", "mytool"), tmp_path / "shims"
    said([launcher, "--install-shims", str(shims), "mytool"])
    start_it = tmp_path / "start-it"
    start_it.write_text('#!/bin/sh\n"$TOOL" app\n')
    start_it.chmod(0o755)
    environ = {**on_path(shims, real), "MKL_LAUNCH_LOG": "info", "TOOL": "mytool"}
    done = start([launcher, "--", str(start_it)], environ)
    assert done.stdout.decode() == f"{real}/mytool 1 app\n"
    assert len(lines(done)) == 2, done


def test_a_shim_without_python_starts_the_command(shims: Path, tmp_path: Path) -> None:
    real = program(tmp_path / "real", "gunicorn", '#!/bin/sh\necho "$@"\n')
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "readlink", "base64", "timeout"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    wrapped = Path(shims / "gunicorn").resolve()
    text = wrapped.read_text().replace("/usr/local/bin:/usr/bin:/bin", "")
    bare = tmp_path / "bare"
    (bare / "bin").mkdir(parents=True)
    (bare / "bin" / "mkl-launch").write_text(text)
    (bare / "bin" / "mkl-launch").chmod(0o755)
    (bare / "mkl_launch").symlink_to(wrapped.parent.parent / "mkl_launch")
    (tmp_path / "bareshims").mkdir()
    (tmp_path / "bareshims" / "gunicorn").symlink_to(bare / "bin" / "mkl-launch")
    done = start(
        [str(tmp_path / "bareshims" / "gunicorn"), "-w", "2"],
        {"PATH": f"{tmp_path}/bareshims:{real}:{tools}"},
    )
    assert (done.returncode, done.stdout) == (0, b"-w 2\n")
    assert "no Python" in lines(done)[0]


def test_installing_shims_compiles_the_modules(installed: Path, tmp_path: Path) -> None:
    """A start never does, since it writes nothing."""
    launcher = uncompiled(installed, tmp_path / "launcher")
    said([launcher, "-q", "--", "true"])
    assert [*tmp_path.rglob("*.pyc")] == []
    said([launcher, "--install-shims", str(tmp_path / "shims"), "gunicorn"])
    compiled = {file.name.partition(".")[0] for file in tmp_path.rglob("*.pyc")}
    assert compiled == {file.stem for file in (tmp_path / "launcher" / "mkl_launch").rglob("*.py")}


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o757, 0o775, 0o2775])
def test_shims_in_a_directory_that_others_can_write_to_fail_the_build(tmp_path: Path, mode: int) -> None:
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims").chmod(mode)
    with pytest.raises(
        PreparationError, match=r"^--install-shims /.*: others can write to /.*/shims \(mode"
    ):
        install_shims(str(tmp_path / "shims"), ("gunicorn",), "/bin/true", PATH)
    assert [*(tmp_path / "shims").iterdir()] == []


def test_shims_in_a_directory_of_another_user_fail_the_build(tmp_path: Path) -> None:
    if os.geteuid():
        skip_or_fail("giving a directory away takes root")
    (tmp_path / "a" / "b").mkdir(parents=True)
    os.chown(tmp_path / "a", 12345, 12345)
    for folder in ("a", "a/b", "a/b/c"):
        with pytest.raises(PreparationError, match="/a belongs neither to root nor to you"):
            install_shims(str(tmp_path / folder), ("gunicorn",), "/bin/true", PATH)


def test_shims_below_a_directory_that_others_can_write_to_fail_the_build(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a").chmod(0o775)
    with pytest.raises(PreparationError, match=r"others can write to /.*/a \(mode 0775\)"):
        install_shims(str(tmp_path / "a" / "b"), ("gunicorn",), "/bin/true", PATH)
    assert [*(tmp_path / "a" / "b").iterdir()] == []
    (tmp_path / "a").chmod(0o1777)  # as /tmp: nobody can replace what is root's there
    assert install_shims(str(tmp_path / "a" / "b"), ("gunicorn",), "/bin/true", PATH)


def test_installs_shims_of_all_known_programs_on_path(tmp_path: Path) -> None:
    real = program(tmp_path / "real", "tensorflow_model_server")
    said_ = install_shims(str(tmp_path / "s"), (), "/bin/true", f"{tmp_path}/s:{real}")
    assert said_ == f"{tmp_path}/s: tensorflow_model_server"
    assert (tmp_path / "s" / "tensorflow_model_server").resolve() == Path("/bin/true").resolve()
    assert "ENV PATH=" in install_shims(str(tmp_path / "s"), ("a",), "/bin/true", real)


def test_reports_a_shim_of_a_program_that_is_not_on_path(tmp_path: Path) -> None:
    real = program(tmp_path / "real", "gunicorn")
    text = install_shims(str(tmp_path / "s"), ("gunicorn", "unheard"), "/bin/true", f"{tmp_path}/s:{real}")
    assert text == f"{tmp_path}/s: gunicorn, unheard; not installed yet on PATH: unheard"


@pytest.mark.parametrize(
    "names", [("a/b",), ("",), ("mkl-launch",), ("python3",), ("base64",), ("readlink",), ()]
)
def test_refuses_bad_names_of_shims(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=r"^--install-shims"):
        install_shims(str(tmp_path / "s"), names, "/bin/true", "/nowhere")


def test_a_shim_never_replaces_a_program(tmp_path: Path) -> None:
    real = program(tmp_path / "real", "gunicorn")
    with pytest.raises(PreparationError, match="File exists"):
        install_shims(real, ("gunicorn",), "/bin/true", real)
    assert (tmp_path / "real" / "gunicorn").read_text() == ECHO


def test_refuses_to_install_shims_of_a_python_module(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a Python module"):
        install_shims(str(tmp_path), ("a",), "", "")
