"""An app that runs on this node: with what it is started, and that it ends with whoever started it."""
import collections
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
import time

# Lines that are told again when it has ended.
LAST_LINES = 15
# Seconds that it has to end by itself, before it is killed.
TO_END = 5
DIE_WITH_PARENT = 1
LOOPBACK = os.path.join(os.path.dirname(os.path.realpath(__file__)), "loopback")


def environment_of(name, port, settings):
    """The variables that the platform gives to an app, for this node. Frameworks listen where these say."""
    here = {"DATABRICKS_APP_NAME": name, "DATABRICKS_APP_PORT": str(port), "PORT": str(port), "HOST": "127.0.0.1"}
    host = os.environ.get("DATABRICKS_HOST") or settings.get("WORKSHOP_HOST")
    return {
        **os.environ,
        **({"DATABRICKS_HOST": host} if host else {}),
        **here,
        "FLASK_RUN_HOST": "127.0.0.1",
        "FLASK_RUN_PORT": str(port),
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_ENABLE_CORS": "false",
        "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false",
        "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        "UVICORN_HOST": "127.0.0.1",
        "UVICORN_PORT": str(port),
        "PYTHONPATH": os.pathsep.join(filter(None, (LOOPBACK, os.environ.get("PYTHONPATH")))),
        # What an app prints is to be seen at once.
        "PYTHONUNBUFFERED": "1",
    }


class RunningApp:
    """What it prints goes to `output`, and the last of it is kept in `last`. @raise OSError"""

    def __init__(self, command, folder, env, output):
        self.last = collections.deque(maxlen=LAST_LINES)
        self.session = Session()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A group of its own: what it starts itself ends with it.
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        self.reader = threading.Thread(target=self.pass_on, args=(output,), daemon=True)
        self.reader.start()

    def pass_on(self, output):
        for line in self.process.stdout:
            text = line.decode(errors="replace")
            self.last.append(text.rstrip("\n"))
            try:
                output.write(text)
                output.flush()
            except (OSError, ValueError):
                # Nobody reads any more: the session ends.
                pass

    def has_ended(self):
        return self.process.poll() is not None

    def end(self):
        """With all that it started."""
        for name in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, name)
            except (ProcessLookupError, PermissionError):
                break
            ends = time.monotonic() + TO_END
            while self.group_is_there() and time.monotonic() < ends:
                self.process.poll()
                time.sleep(0.05)
        self.process.poll()
        self.reader.join(1)

    def group_is_there(self):
        try:
            os.killpg(self.process.pid, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True


class Session:
    """The session of this program: a terminal that closes says so, a line that breaks does not."""

    def __init__(self):
        self.parent, self.leader = os.getppid(), os.getsid(0)
        self.output = select.poll()
        self.output.register(sys.stdout.fileno(), 0)

    def is_over(self):
        if self.output.poll(0):
            return True
        if self.leader == os.getpid():
            return os.getppid() != self.parent
        try:
            os.kill(self.leader, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return False


def end_with_parent():
    """Also when this program is killed without a chance to do anything."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
        except (OSError, AttributeError):
            pass


def how_it_ended(code):
    if code < 0:
        try:
            return f"by the signal {signal.Signals(-code).name}"
        except ValueError:
            return f"by the signal {-code}"
    return f"with exit code {code}"
