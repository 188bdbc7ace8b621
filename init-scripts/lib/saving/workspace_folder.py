"""The folder in the workspace that files are saved to, and whose it is."""
import json
import os
import shlex
import sys

from saving.plain_files import content_of, read_json, sum_of

# Where the init script put everything: /opt/claude-workshop.
TOOLS = os.path.dirname(os.path.dirname(os.path.realpath(sys.argv[0])))
# What was saved before, by checksum.
RECORD = ".saved.json"


class Unsaved(Exception):
    """Nothing can be saved at all; why, in a sentence."""


def person():
    """Whose cluster this is; the settings of the init script know it where the environment does not. @raise Unsaved"""
    name = os.environ.get("WORKSHOP_USER", "")
    if not name:
        try:
            with open(os.path.join(TOOLS, "settings"), encoding="utf-8") as file:
                for line in file:
                    if line.startswith("WORKSHOP_USER="):
                        name = "".join(shlex.split(line.partition("=")[2]))
        except (OSError, ValueError):
            pass
    if not name or "/" in name or name in (".", ".."):
        raise Unsaved(
            "Nobody knows whose cluster this is: WORKSHOP_USER is not set. "
            "Type: WORKSHOP_USER=you@example.com save-work"
        )
    return name


def users_folder():
    """The folder of this cluster's person in the workspace. @raise Unsaved"""
    return os.path.join(os.environ.get("WORKSHOP_USERS_FOLDER") or "/Workspace/Users", person())


def is_kept(home):
    """Whether what is made in ~/workshop outlives the cluster."""
    try:
        work = os.path.realpath(os.path.join(home, "workshop"))
        return work.startswith(os.path.realpath(users_folder()) + "/") and os.path.isdir(work)
    except (Unsaved, OSError):
        return False


class WorkspaceFolder:
    """The folder that files are saved to, and the record of what was saved. @raise Unsaved when it can be nowhere"""

    def __init__(self):
        own = users_folder()
        if not os.path.isdir(own):
            raise Unsaved(f"{own} is not there, so there is nowhere to save to.")
        self.path = os.path.join(own, "claude-workshop", "saved-from-cluster")
        saved = read_json(os.path.join(self.path, RECORD)).get("files")
        self.saved = saved if isinstance(saved, dict) else {}
        self.changed = False

    def put(self, name, content, digest):
        """Saves a file unless it was saved already. An older one of that name stays, with a number. @raise OSError"""
        if not self.has(name, digest, len(content)):
            self.write(name, content)
        self.changed = self.changed or self.saved.get(name) != digest
        self.saved[name] = digest

    def has(self, name, digest, size):
        # A notebook may read back otherwise than it was written: only without a record the content counts.
        place = os.path.join(self.path, name)
        if not os.path.lexists(place):
            return False
        if name in self.saved:
            return self.saved[name] == digest
        try:
            return os.lstat(place).st_size == size and sum_of(content_of(place, size)) == digest
        except OSError:
            return False

    def write(self, name, content):
        self.make_folder(os.path.dirname(name))
        place = os.path.join(self.path, name)
        if os.path.lexists(place):
            try:
                os.rename(place, free_name(place))
            except OSError:
                # Where the older one keeps its name, the newer one gets the number.
                place = free_name(place)
        # A file that another cluster of the same person has just made must not be removed below: "x" refuses it.
        file = open(place, "xb")
        try:
            with file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            # Half a file looks like a whole one.
            try:
                os.unlink(place)
            except OSError:
                pass
            raise

    def make_folder(self, below):
        place = self.path
        for name in below.split("/"):
            place = os.path.join(place, name)
            if os.path.lexists(place) and not os.path.isdir(place):
                os.rename(place, free_name(place))
        os.makedirs(place, exist_ok=True)

    def write_record(self):
        """@raise OSError"""
        if not self.changed:
            return
        with open(os.path.join(self.path, RECORD), "w", encoding="utf-8") as file:
            json.dump({"v": 1, "files": self.saved}, file, indent=0, sort_keys=True)


def free_name(place):
    """The path with the first number that is free."""
    number = 1
    while os.path.lexists(f"{place}.{number}"):
        number += 1
    return f"{place}.{number}"
