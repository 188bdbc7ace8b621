"""Reads files, and only files: opening a pipe would wait for ever."""
import hashlib
import json
import os
import stat


def content_of(path, most):
    """The bytes of a file, at most one more than `most`. @raise OSError also when it is no plain file any more."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is no file any more")
        return file.read(most + 1)


def sum_of(content):
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_json(path):
    """The JSON object in a file; an empty one where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            read = json.load(file)
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
