"""A folder with an app in it: which one is meant, and what of it goes to the workspace."""
import os
import re
import stat

from apps.app_yaml import NAMES, USUAL, AppYaml, Unreadable
from apps.workspace_api import Trouble
from saving.home_folder import ENVIRONMENT, MADE_AGAIN
from saving.plain_files import content_of
from saving.secrets_in_files import SECRET_FOLDERS, has_secret_name, secrets_known

# The platform takes no larger file.
LARGEST_FILE = 10_485_760
MOST_FILES = 1_000
MOST_BYTES = 100_000_000
# Nothing that an app needs, or what the workspace takes under no such name.
NO_PART = {*MADE_AGAIN, ".git", ".claude", ".vscode", ".idea", ".databricks", ".bundle", "saved-from-cluster"}
SECRET_FILES = {"secrets.toml"}
NOTEBOOK = b"# Databricks notebook source"
# At its end: MAX_TOKENS and SECRET_SCOPE are none.
SECRET_VARIABLE = re.compile(r"(TOKEN|SECRET|PASSWORD|PASSWD|(API|ACCESS|PRIVATE)_?KEY|CREDENTIALS?)$", re.IGNORECASE)


def has_app(folder):
    return any(os.path.isfile(os.path.join(folder, name)) for name in (*NAMES, "app.py", "package.json"))


def chosen_folder(given, home):
    """The folder with the app: the one given, else the one one is in, else that of the work. @raise Trouble"""
    if given is not None:
        folder = os.path.realpath(given)
        if not os.path.isdir(folder):
            raise Trouble(f"{given} is no folder. Type: ls ~/workshop")
        return folder
    work = os.path.join(home, "workshop")
    places = [os.getcwd(), work, os.path.join(work, "dash-app")]
    return os.path.realpath(next((place for place in places if has_app(place)), places[-1]))


def missing_program(command, folder):
    """The Python file that a command starts and that is not there; None where all is well, or nobody can tell."""
    words = list(command or [])
    if len(words) > 1 and words[0] in ("python", "python3") and words[1].endswith(".py"):
        return None if os.path.isfile(os.path.join(folder, words[1])) else words[1]
    return None


def no_app(folder):
    """What is said of a folder without an app."""
    return Trouble(
        f"There is no app in {folder}: it has no app.py and no app.yaml. Make one (cd ~/workshop/dash-app && claude), "
        "or name the folder that it is in."
    )


class AppFolder:
    """@raise Trouble where there is no app in it, or one that cannot be read."""

    def __init__(self, path):
        self.path = path
        self.yaml_name = next((name for name in NAMES if os.path.isfile(os.path.join(path, name))), None)
        if not has_app(path):
            raise no_app(path)
        self.yaml_text = ""
        if self.yaml_name:
            try:
                self.yaml_text = content_of(os.path.join(path, self.yaml_name), 100_000).decode()
            except (OSError, UnicodeError) as error:
                raise Trouble(f"{self.yaml_name} in {path} cannot be read: {error}.") from error
        try:
            self.yaml = AppYaml(self.yaml_text)
        except Unreadable as error:
            raise Trouble(
                f"{self.yaml_name} in {path} cannot be read: {error}. It should hold: {USUAL.strip()}"
            ) from error
        missing = missing_program(self.yaml.command, path)
        if missing:
            raise Trouble(
                f"There is no app in {path}: {self.yaml_name} starts {missing}, and that file is not there. Make it, "
                f"or name the right one in {self.yaml_name}."
            )

    def write_usual_yaml(self):
        """Without a command the platform runs whichever .py file it finds first. Says whether it wrote one."""
        if self.yaml_name or not os.path.isfile(os.path.join(self.path, "app.py")):
            return False
        try:
            with open(os.path.join(self.path, NAMES[0]), "x", encoding="utf-8") as file:
                file.write(USUAL)
        except OSError as error:
            raise Trouble(f"app.yaml cannot be made in {self.path}: {error.strerror}. Type: check-claude") from error
        self.yaml_name, self.yaml_text, self.yaml = NAMES[0], USUAL, AppYaml(USUAL)
        return True

    def refuse_secrets(self):
        """@raise Trouble when app.yaml holds what everybody who may look at the app's files would read."""
        secret = next(
            (
                each["name"]
                for each in self.yaml.variables
                if SECRET_VARIABLE.search(each.get("name", "")) and each.get("value")
            ),
            None,
        )
        if secret is None and secrets_known()(self.yaml_text.encode()):
            secret = "a line of it"
        if secret is not None:
            raise Trouble(
                f"{self.yaml_name} has what looks like a secret in it ({secret}), so nothing was deployed: whoever "
                "sees the app's files would read it. Keep it in a secret scope, give the app that secret as a resource "
                f"(on the app's page: Edit > Resources), and write valueFrom: <resource> in {self.yaml_name}."
            )

    def to_upload(self):
        """Pairs of path and content, and pairs of path and why it is left out. @raise Trouble"""
        found = Found(self.path)
        needed = {*(self.yaml.command or []), *NAMES, "app.py", "requirements.txt", "package.json"}
        for path, why in found.left:
            if path in needed:
                raise Trouble(f"{path} {why}, and no app runs without it: take that out, then deploy-app again.")
        return found.files, found.left


class Found:
    """What is in a folder. @raise Trouble when it is more than the platform takes."""

    def __init__(self, root):
        self.files, self.left = [], []
        self.bytes = 0
        self.root = root
        self.is_secret = secrets_known()
        self.look_into(root, "")

    def look_into(self, folder, below):
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            raise Trouble(f"{folder} cannot be read: {error.strerror}.") from error
        for entry in entries:
            path = f"{below}{entry.name}"
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    self.take_folder(entry, path)
                elif stat.S_ISREG(mode):
                    self.take_file(entry, path)
                else:
                    self.left.append((path, "is a link or no plain file"))
            except OSError as error:
                raise Trouble(f"{entry.path} cannot be read: {error.strerror}.") from error

    def take_folder(self, entry, path):
        if entry.name in SECRET_FOLDERS:
            self.left.append((path, "may hold keys"))
        elif os.path.exists(os.path.join(entry.path, ENVIRONMENT)):
            self.left.append((path, "is a virtual environment"))
        elif entry.name not in NO_PART:
            self.look_into(entry.path, f"{path}/")

    def take_file(self, entry, path):
        if has_secret_name(entry.name) or entry.name in SECRET_FILES:
            self.left.append((path, "may hold keys"))
            return
        if entry.name in NO_PART:
            return
        size = entry.stat(follow_symlinks=False).st_size
        if size > LARGEST_FILE:
            raise Trouble(
                f"{path} has {size / 1_048_576:.1f} MB, and the platform takes no file above 10 MB, so nothing was "
                "deployed. Move it out of the folder; large data belongs into a volume, which the app reads."
            )
        content = content_of(entry.path, LARGEST_FILE)
        if self.is_secret(content):
            self.left.append((path, "has a key or a token in it"))
            return
        if path.endswith(".py") and content.startswith(NOTEBOOK):
            raise Trouble(
                f"{path} is a notebook, and the workspace would take it as one, without its ending: the app would not "
                "find it. Take out its first line (# Databricks notebook source), then type deploy-app again."
            )
        self.files.append((path, content))
        self.bytes += len(content)
        if len(self.files) > MOST_FILES or self.bytes > MOST_BYTES:
            raise Trouble(
                f"{self.root} has more than {MOST_FILES} files or {MOST_BYTES // 1_000_000} MB, so nothing was "
                "deployed. Put the app into a folder of its own, and name that: deploy-app FOLDER"
            )
