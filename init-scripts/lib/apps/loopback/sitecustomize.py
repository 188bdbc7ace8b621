"""
Read by every Python that show-app starts. An app listens on every address, as the platform wants it; on a cluster
other machines of the network would reach it, so here that means this node alone.
"""
import importlib.machinery
import importlib.util
import os
import socket
import sys

EVERYWHERE = {"", "0.0.0.0", "::"}
HERE = os.path.dirname(os.path.abspath(__file__))


def on_this_node(bind):
    port = os.environ.get("DATABRICKS_APP_PORT")

    def bound(self, address):
        if isinstance(address, tuple) and str(address[1]) == port and address[0] in EVERYWHERE:
            address = (own_address(self), *address[1:])
        return bind(self, address)

    return bound


def own_address(opened):
    if opened.family != socket.AF_INET6:
        return "127.0.0.1"
    # One that takes both kinds of address is to be found at the usual one.
    return "::1" if opened.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) else "::ffff:127.0.0.1"


socket.socket.bind = on_this_node(socket.socket.bind)

# A file of this name that was there before is read, too.
elsewhere = [place for place in sys.path if os.path.abspath(place or ".") != HERE]
found = importlib.machinery.PathFinder.find_spec("sitecustomize", elsewhere)
if found is not None and found.loader is not None:
    found.loader.exec_module(importlib.util.module_from_spec(found))
