"""nginx with the configuration that docs/hosting.md shows, in front of a real server."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import ROOT, free_port

HOW_TO_GET_IT = "no nginx was found: apt-get install nginx-light"
HOST = "evenements.example.fr"
START_SECONDS = 10.0


def nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def shown_in_the_documentation() -> tuple[str, str]:
    """The site, and what stands in the main file."""
    site, main = re.findall(r"```nginx\n(.*?)```", (ROOT / "docs" / "hosting.md").read_text(), re.DOTALL)
    return site, main


@contextmanager
def nginx_before(server_port: int, folder: Path) -> Iterator[tuple[int, int]]:
    """Its ports for http and https. Of the shown text only ports and paths are others."""
    http, https = free_port(), free_port()
    certificate, key = _certificate(folder)
    site, main = shown_in_the_documentation()
    for shown, ours in {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        "http://127.0.0.1:8000": f"http://127.0.0.1:{server_port}",
    }.items():
        assert site.count(shown) == 1, shown
        site = site.replace(shown, ours)
    paths = "".join(
        f"{name}_temp_path {folder / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # its workers keep large bodies in the folder
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; {user} pid {folder / 'pid'}; error_log stderr warn; worker_processes 1;\n{main}\n"
        f"http {{ access_log off; {paths}\n{site} }}\n"
    )
    process = subprocess.Popen(
        [nginx() or "nginx", "-e", "stderr", "-p", str(folder), "-c", str(conf)],
        stderr=(folder / "log").open("wb"),
    )
    try:
        _await(https, process, folder / "log")
        yield http, https
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"nginx did not start:\n{log.read_text()}")


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj"
    names = ["-addext", f"subjectAltName=DNS:{HOST}", "-out", str(certificate), "-keyout", str(key)]
    subprocess.run([*command.split(), f"/CN={HOST}", *names], check=True, capture_output=True)
    return certificate, key
