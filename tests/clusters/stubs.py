"""Stand-ins for aws, eksctl, gcloud, kubectl and helm: they remember what was made, and fail when one asks for it."""

import os
import shutil
import subprocess
from pathlib import Path

STUB = (Path(__file__).parent / "stub.sh").read_text(encoding="utf-8")
TOOLS = ("aws", "eksctl", "gcloud", "kubectl", "helm", "gke-gcloud-auth-plugin")


class Stubs:
    """A folder with a script's files, and stubs in place of the tools."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.state, self.bin, self.files = folder / "state", folder / "bin", folder / "files"
        for each in (self.state, self.bin, self.files):
            each.mkdir()
        for name, text in files.items():
            (self.files / name).write_text(text, encoding="utf-8")
        for tool in TOOLS:
            path = self.bin / tool
            path.write_text(STUB, encoding="utf-8")
            path.chmod(0o755)
        for tool in ("bash", "cat", "grep", "sed", "wc", "mv", "basename", "dirname", "tr", "env"):
            (self.bin / tool).symlink_to(shutil.which(tool) or "")

    def state_file(self, name: str, text: str) -> None:
        (self.state / name).write_text(text, encoding="utf-8")

    def run(self, script: str, *options: str, fail_at: int = 0) -> subprocess.CompletedProcess[str]:
        (self.state / "calls").unlink(missing_ok=True)
        (self.state / "changes").unlink(missing_ok=True)
        env = {"PATH": str(self.bin), "STATE": str(self.state), "FAIL_AT": str(fail_at), "HOME": os.environ["HOME"]}
        return subprocess.run(
            ["bash", str(self.files / script), *options],
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def lines(self, name: str) -> list[str]:
        path = self.state / name
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

    def forget(self) -> None:
        """As before anything was made."""
        for name in ("made", "calls", "changes"):
            (self.state / name).unlink(missing_ok=True)
