"""What lies in the home folder: which files are to be saved, and which are left out for what reason."""
import os
import re
import stat

from saving.git_archive import REPOSITORY, in_repository
from saving.plain_files import content_of
from saving.secrets_in_files import SECRET_FOLDERS, has_secret_name

# Left out, wherever they are: the programs that made them make them again.
MADE_AGAIN = {
    *(".venv", "venv", ".venvs", "virtualenv", ".conda", "miniconda3", "anaconda3"),
    *("node_modules", ".npm", ".gradle", ".terraform"),
    *("__pycache__", ".cache", ".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache"),
    *(".vscode-server", ".cursor-server"),
}
# A folder with this file in it is a virtual environment, and may be a project's own folder too.
ENVIRONMENT = "pyvenv.cfg"
# What belongs to the environment in such a folder, and is made again.
OF_ENVIRONMENT = {
    *(ENVIRONMENT, "bin", "lib", "lib64", "include", "share", "etc", "Scripts", "Lib", "CACHEDIR.TAG"),
}
# Directly in the home folder, everything that begins with a dot is settings, caches or keys, except these.
OWN_FOLDERS = {".github", ".vscode", ".claude"}
# What is saved of ~/.claude; the rest is conversations and caches.
OF_CLAUDE = {"CLAUDE.md", "agents", "commands", "skills", "settings.json"}
# Directly in the home folder, left out without a word: programs write them, nobody's work is in them.
PROGRAMS_FOLDERS = {
    *(".local", ".config", ".databricks", ".ipython", ".jupyter", ".nv", ".java", ".m2", ".ivy2", ".sbt", ".R"),
    *(".keras", ".dotnet", ".cargo", ".rustup", ".nvm", ".pyenv", ".yarn", ".pnpm-store", ".node-gyp", ".cursor"),
    *(".ssh-tunnel", ".streamlit", ".mozilla", ".pki"),
}
PROGRAMS_FILES = {
    *(".claude.json", ".bash_history", ".zsh_history", ".python_history", ".node_repl_history", ".mlflow_history"),
    *(".lesshst", ".viminfo", ".wget-hsts", ".sudo_as_admin_successful", ".Xauthority"),
}
# Links into these need no copy: what they lead to outlives the cluster, or is nobody's work.
SAFE_TARGETS = ("/Workspace", "/Volumes", "/dbfs", "/usr", "/opt", "/databricks", "/dev", "/proc")

KEYS = "may hold keys"
POINTER = "only points to a repository elsewhere (a worktree or a submodule)"


class HomeFolder:
    """
    What lies in the home folder. `files` are pairs of path and size in bytes; a path that ends with .git is a
    repository. `links` are pairs of path and where it leads to from its folder, of those that stay in the home folder.
    `left` and `unread` are pairs of path and reason. `made_again` are the folders that programs make again,
    but for those that everybody's home folder has. Paths are relative to the home folder.
    @raise OSError when the home folder itself cannot be read.
    """

    def __init__(self, home):
        self.home = home
        self.files = []
        self.links = []
        self.left = []
        self.unread = []
        self.made_again = []
        self.device = os.stat(home).st_dev
        self.look_into(home, "")

    def leave(self, path, why):
        self.left.append((path, why))

    def look_into(self, folder, below):
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.unread.append((below or self.home, f"cannot be read: {error.strerror}"))
            return
        if any(entry.name == ENVIRONMENT for entry in entries):
            entries = self.without_environment(entries, below)
        for entry in entries:
            path = os.path.join(below, entry.name)
            try:
                self.take(entry, path, at_top=below == "")
            except (OSError, RecursionError) as error:
                self.unread.append((path, f"cannot be read: {getattr(error, 'strerror', None) or error}"))

    def without_environment(self, entries, below):
        own = [entry for entry in entries if not is_of_environment(entry)]
        if own:
            names = ", ".join(entry.name for entry in entries if entry not in own)
            self.leave(below or self.home, f"is a virtual environment, too, and goes without its {names}")
        return own

    def take(self, entry, path, at_top):
        try:
            about = entry.stat(follow_symlinks=False)
        except OSError:
            return
        if stat.S_ISLNK(about.st_mode):
            self.take_link(entry.path, path)
        elif stat.S_ISDIR(about.st_mode):
            self.take_folder(entry, about, path, at_top)
        elif stat.S_ISREG(about.st_mode):
            self.take_file(entry.name, about.st_size, path, at_top)

    def take_folder(self, entry, about, path, at_top):
        if entry.name in MADE_AGAIN:
            if not (at_top and entry.name.startswith(".")):
                self.made_again.append(path)
            return
        if entry.name in SECRET_FOLDERS:
            if os.listdir(entry.path):
                self.leave(path, KEYS)
        elif entry.name == REPOSITORY:
            self.files.append((path, sum(file.st_size for _, file in in_repository(entry.path))))
        elif at_top and entry.name.startswith(".") and entry.name not in OWN_FOLDERS:
            if entry.name not in PROGRAMS_FOLDERS:
                self.leave(path, "begins with a dot")
        elif about.st_dev != self.device:
            self.leave(path, "is another disk")
        elif path == ".claude":
            self.take_claude(entry.path, path)
        else:
            self.look_into(entry.path, path)

    def take_claude(self, folder, path):
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if entry.name in OF_CLAUDE), key=lambda entry: entry.name)
        for entry in entries:
            self.take(entry, os.path.join(path, entry.name), at_top=False)

    def take_file(self, name, size, path, at_top):
        if at_top and name in PROGRAMS_FILES:
            return
        if name == REPOSITORY:
            self.leave(path, POINTER)
        elif has_secret_name(name):
            self.leave(path, KEYS)
        else:
            self.files.append((path, size))

    def take_link(self, place, path):
        target = os.path.realpath(place)
        home = os.path.realpath(self.home)
        if target == home or target.startswith(home + "/"):
            # What it leads to is saved by itself; that there is a link is not.
            self.links.append((path, os.path.relpath(target, os.path.realpath(os.path.dirname(place)))))
        elif not any(target == each or target.startswith(each + "/") for each in SAFE_TARGETS):
            self.leave(path, f"is a link to {target}")


def is_of_environment(entry):
    """Whether it belongs to the virtual environment that it lies in. A .gitignore may be the project's."""
    if entry.name != ".gitignore":
        return entry.name in OF_ENVIRONMENT
    try:
        first = content_of(entry.path, 200)
    except OSError:
        return False
    return re.match(rb"# created by (venv|virtualenv)", first, re.IGNORECASE) is not None
