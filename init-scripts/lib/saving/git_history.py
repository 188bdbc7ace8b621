"""Whether a repository has a key or a token in anything that was ever committed or added to it."""
import os
import subprocess
import time

# So many paths are named.
MOST_NAMED = 3


def keys_in_history(folder, is_secret, longest, ends):
    """
    Names of files that hold a key or a token somewhere in the history of a repository; of what has no name any more,
    and of a message, a word for it. Empty where there is none.
    @param longest bytes; what is longer is data, and is not searched
    @param ends by time.monotonic()
    @raise OSError when the history cannot be read, or not in time
    """
    found = [name for name, content in contents(folder, longest, ends) if is_secret(content)]
    return named(folder, found) if found else []


def git(folder, *arguments):
    """A git that reads this repository and nothing else, and fetches nothing. @raise OSError"""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env = {**own, "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(["git", "--git-dir", folder, *arguments], env=env, **streams)


def contents(folder, longest, ends):
    """Pairs of name and bytes of all that git keeps. @raise OSError"""
    program = git(folder, "cat-file", "--batch-all-objects", "--unordered", "--buffer", "--batch")
    try:
        while True:
            head = program.stdout.readline().split()
            if len(head) != 3:
                break
            size = int(head[2])
            if size <= longest:
                yield head[0].decode(), program.stdout.read(size + 1)
            else:
                skip(program.stdout, size + 1)
            if time.monotonic() > ends:
                raise OSError(0, "its history could not be searched for keys in time")
        # A file of tens of megabytes is read to its end; git that stopped before says so by how it ends.
        if head or program.wait() != 0:
            raise OSError(0, "its history cannot be searched for keys: git does not read it")
    finally:
        program.kill()
        program.stdout.close()
        program.wait()


def skip(stream, size):
    while size > 0:
        read = len(stream.read(min(size, 1_000_000)))
        if read == 0:
            return
        size -= read


def named(folder, objects):
    wanted = set(objects)
    names = set()
    program = git(folder, "rev-list", "--objects", "--all", "--reflog")
    with program.stdout as lines:
        for line in lines:
            name, _, path = line.decode(errors="replace").rstrip("\n").partition(" ")
            if name in wanted and path:
                names.add(path)
    program.wait()
    return sorted(names)[:MOST_NAMED] or ["what no branch leads to any more, or a message"]
