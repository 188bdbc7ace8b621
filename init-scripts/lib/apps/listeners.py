"""Which process of this node listens on a port, and whether other machines reach it."""
import os
import re

LISTENS = "0A"


def listening(port):
    """What listens on it: pairs of socket and whether only this node reaches it."""
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as file:
                lines = file.read().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            address, _, number = fields[1].rpartition(":")
            if fields[3] == LISTENS and int(number, 16) == port:
                found.append((fields[9], is_loopback(address)))
    return found


def is_loopback(address):
    # As the kernel writes it: each four bytes backwards; 127.0.0.1 in IPv6 ends like the one of IPv4.
    ends_like_it = address.endswith("7F") and address[:-8] in ("", "0000000000000000FFFF0000")
    return ends_like_it or address == "00000000000000000000000001000000"


def holder_of(port):
    """Who listens there, as number and command of a process; None where nobody does or nobody can tell."""
    sockets = {f"socket:[{inode}]" for inode, _ in listening(port)}
    if not sockets:
        return None
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            held = {os.readlink(f"/proc/{number}/fd/{each}") for each in os.listdir(f"/proc/{number}/fd")}
            if held & sockets:
                with open(f"/proc/{number}/cmdline", "rb") as file:
                    command = file.read(400).replace(b"\0", b" ").decode(errors="replace").strip()
                return int(number), re.sub(r"[^ -~]", "?", command)[:120] or "a process without a name"
        except OSError:
            continue
    return None
