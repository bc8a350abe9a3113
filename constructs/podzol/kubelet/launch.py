"""Defines the last steps of a container's process before it becomes the program: its files, its user, its limits.

Run by itself (`python -I -S launch.py STATUS-PIPE ORDERS`), so it imports nothing of Podzol and little of Python, which
keeps it at a few hundredths of a second. One line in the status pipe says what can't be done, or, empty, that the
program comes now. With namespaces it stays as the program's parent, and ends as that ends; util-linux's `unshare` would
do the same, but in Debian 12 it ends with 1 where its child was killed.

The root of the container is a small tmpfs that shows the machine's folders, all read-only, with the volumes mounted
where the pod wants them. Sources: mount(2), pivot_root(2), mount_setattr(2), user_namespaces(7) (2026-11-23).
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import sys
import termios
from typing import Any

MS_RDONLY, MS_NOSUID, MS_NODEV = 1, 2, 4
MS_REMOUNT, MS_BIND, MS_REC, MS_UNBINDABLE, MS_PRIVATE = 32, 4096, 16384, 1 << 17, 1 << 18
MNT_DETACH = 2
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x2_0000, 0x400_0000, 0x800_0000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x1000_0000, 0x2000_0000, 0x4000_0000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
AT_RECURSIVE, AT_FDCWD, MOUNT_ATTR_RDONLY = 0x8000, -100, 1
SYS_MOUNT_SETATTR = 442  # one number on every architecture

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    status, spec = int(sys.argv[1]), json.loads(sys.argv[2])
    os.set_inheritable(status, False)
    try:
        end_with_parent()
        if spec["contained"]:
            check(libc.unshare(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID), "unshare")
            if child := os.fork():
                os.close(status)
                wait_for(child)
            end_with_parent()
        prepare(spec)
        program = found(spec["argv"][0])
    except Exception as error:  # whatever it is, the pod's status must say it
        os.write(status, f"{error}\n".encode())
        sys.exit(128)
    os.write(status, b"\n")
    os.close(status)
    take_all_signals()
    os.execv(program, spec["argv"])


def end_with_parent() -> None:
    """Have the kernel kill this process when the one that started it ends."""
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def wait_for(child: int) -> None:
    """End as the child does."""
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(128 - code if code < 0 else code)


def prepare(spec: dict[str, Any]) -> None:
    """Everything but the program itself."""
    if spec.get("network"):
        enter_network(spec["network"])
    if spec.get("root"):
        lay_out(spec["root"], spec["mounts"])
    if spec.get("hostname"):
        check(libc.sethostname(spec["hostname"].encode(), len(spec["hostname"])), "sethostname")
    os.nice(spec.get("nice", 0))
    if cpus := spec.get("cpus"):
        os.sched_setaffinity(0, cpus)
    if spec.get("uid") is not None:
        be_user(spec["uid"], spec["gid"])
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    if spec.get("terminal"):
        take_terminal()
    try:
        os.chdir(spec["folder"])
    except OSError as error:
        raise OSError(f"working directory {spec['folder']}: {error.strerror}") from error


def take_all_signals() -> None:
    """Ignore none: Python ignores SIGPIPE, a job in a shell's background SIGINT, and the program would inherit it."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)


def take_terminal() -> None:
    """Have the standard input, which is a terminal, control this process's session: then Ctrl-C reaches it."""
    if os.getpid() != os.getsid(0):
        os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def found(program: str) -> str:
    """Where the program is."""
    folders = [""] if "/" in program else os.environ.get("PATH", "").split(":")
    for folder in folders:
        path = os.path.join(folder, program)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise OSError(f'exec: "{program}": executable file not found' + ("" if "/" in program else " in $PATH"))


def enter_network(path: str) -> None:
    """Join the pod's network namespace."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    check(libc.setns(descriptor, CLONE_NEWNET), "setns")
    os.close(descriptor)


def lay_out(root: str, mounts: list[dict[str, Any]]) -> None:
    """Make `root` the root: the machine's files read-only, the mounts in their places."""
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
    mount(None, root, None, MS_UNBINDABLE)  # so that binding the folder it lies in doesn't bind it again
    targets = {os.path.realpath(each["target"]): each for each in mounts}
    show("/", root, targets)
    for target, each in targets.items():
        place(root + target, os.path.isdir(each["source"]))
    set_read_only(root)
    mount("tmpfs", root + "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=1777")
    for target in sorted(targets):  # a mount inside another comes after it
        each = targets[target]
        if outer := max((other for other in targets if target.startswith(f"{other}/")), key=len, default=""):
            place(targets[outer]["source"] + target.removeprefix(outer), os.path.isdir(each["source"]))
        mount(each["source"], root + target, None, MS_BIND | MS_REC)
        if each["read_only"]:
            set_read_only(root + target)
    mount_processes(root)
    os.chdir(root)
    check(libc.pivot_root(b".", b"."), "pivot_root")
    check(libc.umount2(b".", MNT_DETACH), "umount2")
    os.chdir("/")


def show(folder: str, root: str, targets: dict[str, dict[str, Any]]) -> None:
    """Bind what is in a folder of the machine below the new root. A folder in which a mount's place isn't there yet
    is made anew, entry by entry, so that the place can be made in it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            inside = [target for target in targets if target == entry.path or target.startswith(entry.path + "/")]
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), root + entry.path)
            elif entry.is_dir() and any(target != entry.path and not os.path.lexists(target) for target in inside):
                os.mkdir(root + entry.path, 0o755)
                show(entry.path, root, targets)
            elif entry.path not in targets:
                place(root + entry.path, entry.is_dir())
                mount(entry.path, root + entry.path, None, MS_BIND | MS_REC)


def place(path: str, is_folder: bool) -> None:
    """Make an empty folder or file to mount on, unless it is there."""
    if not os.path.lexists(path):
        os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)
        if not is_folder:
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def mount_processes(root: str) -> None:
    """A /proc that shows the container's processes alone; where the kernel doesn't let us, the machine's stays."""
    with contextlib.suppress(OSError):
        mount("proc", root + "/proc", "proc", MS_NOSUID | MS_NODEV)


def be_user(uid: int, gid: int) -> None:
    """Show the program the user that it asks for; for the machine it stays the one who started all this."""
    outer_uid, outer_gid = os.geteuid(), os.getegid()
    check(libc.unshare(CLONE_NEWUSER), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {outer_uid} 1"), ("gid_map", f"{gid} {outer_gid} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    done = libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    check(done, f"mount {source or ''} on {target}")


def set_read_only(path: str) -> None:
    """Make a mount, and all below it, read-only."""
    attributes = (ctypes.c_uint64 * 4)(MOUNT_ATTR_RDONLY, 0, 0, 0)
    done = libc.syscall(
        SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(path), AT_RECURSIVE, attributes, ctypes.sizeof(attributes)
    )
    check(done, f"mount_setattr {path}")


def check(result: int, what: str) -> None:
    """Raise what the C library says."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
