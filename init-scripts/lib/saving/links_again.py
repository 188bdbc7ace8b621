"""Links within the home folder, which the workspace does not have: written down as a script that makes them again."""
import os
import shlex

# Beside what was saved.
LINKS = "links-from-cluster.sh"


def as_script(links):
    """
    What makes these links again in the folder that the script lies in; whatever is there already stays.
    @param links pairs of path and where it leads to from its folder
    """
    lines = ["#!/bin/sh", f"# Links of the home folder; type: sh {LINKS}", 'cd "$(dirname "$0")" || exit 1']
    for path, target in sorted(links):
        name = shlex.quote(os.path.join(".", path))
        folder = shlex.quote(os.path.dirname(os.path.join(".", path)))
        make = f"mkdir -p {folder} && ln -s {shlex.quote(target)} {name}"
        lines.append(f"[ -e {name} ] || [ -L {name} ] || {{ {make}; }}")
    return ("\n".join(lines) + "\n").encode(errors="surrogateescape")


def made_since(links, before):
    """Those that were not there in this form when the init script was done."""
    known = [tuple(link) for link in before]
    return [link for link in links if link not in known]
