"""Which files are saved first, where not all can be: what somebody wrote, before what a program made."""
import os
import re
from collections import Counter

from saving.git_archive import is_repository

# Folders in which programs put what they build. Somebody may have made one of that name, so it comes last, not never.
BUILT = {
    *("build", "dist", "target", "out", "output", "_build", "_site", "coverage", "htmlcov", "site-packages"),
    *(".next", ".nuxt", ".svelte-kit", ".parcel-cache", ".turbo", ".tox", ".nox", ".eggs", "spark-warehouse", "mlruns"),
}
WRITTEN = {
    *(".py", ".ipynb", ".sql", ".r", ".rmd", ".qmd", ".scala", ".java", ".kt", ".go", ".rs", ".c", ".h", ".cpp"),
    *(".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".vue", ".svelte", ".html", ".css", ".scss"),
    *(".sh", ".bash", ".ps1", ".md", ".rst", ".txt", ".tex", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".json"),
}
WRITTEN_NAMES = {"Dockerfile", "Makefile", "Justfile", "Procfile", "README", "LICENSE", ".gitignore", ".gitattributes"}
# More files of like names below one folder of the home folder, or of one kind in one folder, are not written by hand.
MOST_ALIKE = 100
MOST_OF_A_KIND = 300
# A number, or what a program writes in the place of one: the beginning of a digest.
COUNTED = re.compile(r"[0-9a-f]*[0-9][0-9a-f]*", re.IGNORECASE)


def in_order(files):
    """Pairs of path and size in the order in which they are saved; of like ones the smallest first."""
    alike = Counter(like(path) for path, _ in files)
    kinds = Counter(kind(path) for path, _ in files)

    def rank(each):
        path, size = each
        built = not BUILT.isdisjoint(path.split(os.sep)[:-1])
        crowded = alike[like(path)] > MOST_ALIKE or kinds[kind(path)] > MOST_OF_A_KIND
        return built, crowded, not is_written(path), size, path

    return sorted(files, key=rank)


def is_written(path):
    """Whether people write files of this name themselves, as a rule."""
    name = os.path.basename(path)
    return is_repository(path) or name in WRITTEN_NAMES or os.path.splitext(name)[1].lower() in WRITTEN


def like(path):
    """What a file has in common with others that the same loop made."""
    return path.split(os.sep)[0] if os.sep in path else "", COUNTED.sub("#", os.path.basename(path))


def kind(path):
    """The folder, and what the name ends with."""
    return os.path.dirname(path), os.path.splitext(path)[1]
