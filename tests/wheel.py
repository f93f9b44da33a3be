"""Build the wheel, install it away from the checkout, and open a page of it.

`make wheel` runs this. The wheel is built from the source distribution, so that
nothing left in build/ comes along, and stays in dist/.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPEN = """
import sys
from pathlib import Path
import lovdv
from lovdv.paths import templates_folder

home = Path(sys.prefix)
assert home in Path(lovdv.__file__).parents, lovdv.__file__
assert home in templates_folder().parents, templates_folder()
client = lovdv.create_app().test_client()
for path in ("/", "/logga-in", "/healthz", "/static/css/lovdv.css"):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status)
print("Alla sidor svarar.")
"""


def run(*command: object, cwd: Path, **environment: str) -> None:
    subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        check=True,
        env={**os.environ, **environment},
    )


def built(folder: Path) -> Path:
    """The wheel, made in the folder."""
    run(
        *(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT),
        cwd=folder,
        PYTHONWARNINGS="ignore",
    )
    return next(folder.glob("*.whl"))


def installed(wheel: Path, folder: Path) -> Path:
    """The bin folder of an environment with the wheel and its locked packages."""
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    bin_folder = folder / "venv" / "bin"
    pip = (bin_folder / "python", "-m", "pip", "-q", "--disable-pip-version-check")
    lock = ROOT / ".ci" / "locks" / "run.txt"
    run(*pip, "install", "--require-hashes", "-r", lock, cwd=folder)
    run(*pip, "install", "--no-deps", wheel, cwd=folder)
    return bin_folder


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lovdv-wheel-") as name:
        folder = Path(name)
        wheel = built(folder)
        bin_folder = installed(wheel, folder)
        settings = {
            "LOVDV_INSTANCE": str(folder / "instance"),
            "LOVDV_SECRET_KEY": "only for this trial",
        }
        run(bin_folder / "lovdv", "init-db", cwd=folder, **settings)
        run(bin_folder / "python", "-c", OPEN, cwd=folder, **settings)
        (ROOT / "dist").mkdir(exist_ok=True)
        sys.stdout.write(f"Klart: {shutil.copy(wheel, ROOT / 'dist')}\n")


if __name__ == "__main__":
    main()
