"""dovecot on this machine, with one mailbox."""

import getpass
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port

HOW_TO_GET_IT = "no dovecot was found: apt-get install dovecot-imapd"
PASSWORD = "sécret/et:plus"


def dovecot() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def mailbox() -> Iterator[tuple[Path, int]]:
    """The folder of a Maildir, where new messages are put into `new`, and the server's port."""
    with tempfile.TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # its processes for strangers are not root's
        with _serving(folder) as found:
            yield found


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[Path, int]]:
    port = free_port()
    user = getpass.getuser()
    stranger = "nobody" if user == "root" else user  # dovecot refuses to do this as root
    gid = pwd.getpwnam(stranger).pw_gid
    mail = folder / "Maildir"
    for name in ("cur", "new", "tmp"):
        (mail / name).mkdir(parents=True)
    for path in (mail, *mail.iterdir()):
        shutil.chown(path, stranger)
    (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {stranger}
mail_location = maildir:{mail}
first_valid_uid = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={stranger} gid={gid} home={folder}
}}
""")
    process = subprocess.Popen([dovecot() or "dovecot", "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _await(port, process, folder / "log")
        yield mail, port
    finally:
        process.terminate()
        process.wait(10)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    raise RuntimeError(log.read_text() if log.exists() else "dovecot did not start")
