# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Debian packages: those the machine lacks, and single files out of the archive."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from . import paths
from .messages import Stop, explain, is_network_trouble, run, step

PACKAGES = (
    "postgresql",
    "chromium",
    "fonts-noto-cjk",
    "wkhtmltopdf",
    "poppler-utils",
    "libmagic1",
)
_LOCKS = ("could not get lock", "unable to acquire the dpkg frontend lock")
_ENV = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a", "LC_ALL": "C"}
_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/rd-sales-desk.conf")


def missing(packages=PACKAGES):
    """Return those of the packages that are not installed."""
    if not shutil.which("dpkg-query"):
        raise Stop(
            "This is no Debian machine (no dpkg); use Debian 12, or the container"
            " set-up in docker-compose.yml."
        )
    listed = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
    ).stdout
    found = {
        line.split()[0] for line in listed.splitlines() if line.endswith(" installed")
    }
    return [name for name in packages if name not in found]


def as_root(names):
    """Return the prefix that runs a command as root, or stop."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        if subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
            return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND,NEEDRESTART_MODE"]
    raise Stop(
        "Debian packages are missing and this user is neither root nor may use sudo"
        f" without a password; have them installed: apt-get install {' '.join(names)}"
    )


def install(packages=PACKAGES):
    """Install what is missing; wait while another program holds the lock."""
    names = missing(packages)
    if not names:
        return
    prefix = as_root(names)
    with step(f"Debian packages {' '.join(names)}"):
        _update(prefix)
        with _without_main_cluster(prefix, names):
            _apt_get(
                prefix,
                ["install", "-y", "--no-install-recommends", *names],
                "install Debian packages",
            )


def _update(prefix):
    _apt_get(prefix, ["update"], "read the package lists")


def _apt_get(prefix, arguments, what, options=()):
    command = [*prefix, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=900", *options]
    for _attempt in range(90):
        done = run([*command, *arguments], what, env=_ENV, check=False)
        locked = any(sign in done.stdout.lower() for sign in _LOCKS)
        if not (done.returncode and locked):
            break
        time.sleep(10)
    # `apt-get update` ends with 0 although the mirror could not be reached
    silent = arguments[0] == "update" and "W: Failed to fetch" in done.stdout
    if done.returncode or (silent and is_network_trouble(done.stdout)):
        _refuse(what, done.stdout)
    return done


def _refuse(what, output):
    for line in output.splitlines():
        if line.startswith("E: Unable to locate package"):
            name = line.rsplit(maxsplit=1)[-1]
            raise Stop(f"The machine's Debian mirror lacks the package {name}.")
    raise Stop(explain(what, output))


@contextlib.contextmanager
def _without_main_cluster(prefix, names):
    """Keep Debian from making a cluster of its own: ours is private."""
    if "postgresql" not in names or _NO_CLUSTER.exists():
        yield
        return
    text = "create_main_cluster = false\n"
    subprocess.run([*prefix, "mkdir", "-p", _NO_CLUSTER.parent], check=True)
    subprocess.run(
        [*prefix, "tee", _NO_CLUSTER],
        input=text,
        text=True,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    try:
        yield
    finally:
        subprocess.run([*prefix, "rm", "-f", _NO_CLUSTER], check=False)


def mirror():
    """Return the address of the machine's own Debian mirror, and its key ring."""
    rows = _targets()
    if not rows:
        raise Stop("apt knows no Debian mirror; add one to the machine's apt sources.")
    return min(rows, key=_mirror_rank)[:2]


def _mirror_rank(row):
    uri, _keys, label = row
    return (label != "Debian", "security" in uri, len(uri))


def _targets():
    wanted = "$(REPO_URI)|$(SIGNED_BY)|$(LABEL)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", wanted, "Created-By: Packages"],
        capture_output=True,
        text=True,
    ).stdout
    rows = [line.split("|") for line in listed.splitlines() if line.count("|") == 2]
    return [row for row in rows if "debian" in row[0].lower() or row[2] == "Debian"]


def download(names, folder):
    """Fetch packages of the machine's own release into a folder, as files."""
    wanted = [name for name in names if not cached(name)]
    if not wanted:
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        if run(["apt-cache", "show", *wanted], "look", check=False).returncode:
            _update(as_root(wanted))
        _download_into(Path(scratch), wanted, ())
        _move_packages(Path(scratch), folder)


def download_unstable(names, folder):
    """Fetch packages of Debian's unstable suite into a folder, as files.

    The machine's own sources stay as they are: apt works on a private state.
    """
    address, keys = mirror()
    wanted = [name for name in names if not cached(name)]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        options = _private_state(Path(scratch), address, keys)
        _apt_get([], ["update"], "read the list of Debian's unstable suite", options)
        _download_into(Path(scratch), wanted, options)
        _move_packages(Path(scratch), folder)


def _private_state(scratch, address, keys):
    for part in ("lists/partial", "cache/archives/partial"):
        (scratch / part).mkdir(parents=True)
    signed = f" [signed-by={keys}]" if keys.startswith("/") else ""
    if not signed:
        ring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
        signed = f" [signed-by={ring}]" if ring.is_file() else ""
    sources = scratch / "sources.list"
    sources.write_text(f"deb{signed} {address} unstable main\n")
    (scratch / "status").touch()
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::State": scratch,
        "Dir::State::lists": scratch / "lists",
        "Dir::State::status": scratch / "status",
        "Dir::Cache": scratch / "cache",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "root",
    }
    return [
        part for name, value in settings.items() for part in ("-o", f"{name}={value}")
    ]


def _download_into(scratch, names, options):
    command = ["apt-get", "-q", "-o", "APT::Sandbox::User=root", *options, "download"]
    done = run(
        [*command, *names], "download packages", cwd=scratch, env=_ENV, check=False
    )
    if done.returncode:
        _refuse(f"download {' '.join(names)}", done.stdout)


def _move_packages(scratch, folder):
    for package in scratch.glob("*.deb"):
        package.replace(folder / package.name)


def unpack(package, folder, leave_out=()):
    """Unpack a package's files into a folder, without installing anything."""
    folder.mkdir(parents=True, exist_ok=True)
    listing = subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    excluded = [f"--exclude=./{name}" for name in leave_out]
    tar = subprocess.run(
        ["tar", "-x", "--no-same-owner", "-C", str(folder), *excluded],
        stdin=listing.stdout,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    listing.stdout.close()
    if not (listing.wait() or tar.returncode):
        return
    if "no space left" in tar.stderr.lower():
        raise Stop(explain(f"unpack {package.name}", tar.stderr))
    package.unlink(missing_ok=True)
    raise Stop(
        f"{package.name} is damaged and now removed; run the command again to fetch it"
        " anew."
    )


def cache_folder():
    """Return the folder that keeps downloaded Debian packages."""
    return paths.CACHE / "debian"


def cached(name):
    """Return the downloaded file of a package, the newest, or None."""
    return max(cache_folder().glob(f"{name}_*.deb"), default=None)
