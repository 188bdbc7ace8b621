"""A git repository as one archive, because the workspace takes no folder called .git."""
import gzip
import io
import os
import re
import stat
import tarfile

from saving.plain_files import content_of

# No folder of this name may be made in workspace files (docs.databricks.com, "What are workspace files?").
REPOSITORY = ".git"
PACKED = "git.tar.gz"
# Left out of the archive: git makes these files again by itself, and changes them whenever somebody looks.
UNPACKED = re.compile(r"^(index|.*\.lock|hooks/.*\.sample)$")


def is_repository(path):
    """Whether a path leads to a repository."""
    return os.path.basename(path) == REPOSITORY


def in_repository(folder):
    """The files of a repository, as pairs of path and what stat says, in the same order each time."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            about = os.lstat(path)
            if stat.S_ISREG(about.st_mode) and not UNPACKED.match(os.path.relpath(path, folder)):
                yield path, about


def packed(folder, is_secret):
    """The archive of a repository, the same bytes for the same repository; and the files that had to stay out of it."""
    secret = []
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, about in in_repository(folder):
            content = content_of(path, about.st_size)
            name = os.path.relpath(path, os.path.dirname(folder))
            if is_secret(content):
                secret.append(name)
                continue
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return gzip.compress(archive.getvalue(), mtime=0), secret
