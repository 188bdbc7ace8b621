"""The first process on a real node of the sandbox: starts what it is told to, and carries connections in and out.

A node has a network of its own in which there is nobody. Two sockets of the sandbox lead out of it:
/run/sandbox/workspace is the workspace, which is put where its address says it is, and /run/sandbox/tunnels takes
connections to ports of this node that the sandbox asked for. Orders come as lines of JSON on standard input, news leave
the same way on standard output. Whoever is root on the node can forge all of it: the sandbox believes none of it about
anybody else.
"""
import asyncio
import base64
import json
import os
import signal
import sys

SOCKETS = "/run/sandbox"
CHUNK = 65536
# What background processes of a program that has ended may still say.
LAST_WORDS_SECONDS = 0.3

processes = {}


def tell(**news):
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


async def copy(reader, writer):
    try:
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (ConnectionError, OSError):
        writer.close()


async def join(one, other):
    """Carries both ways until both are at their end."""
    try:
        await asyncio.gather(copy(one[0], other[1]), copy(other[0], one[1]))
    finally:
        one[1].close()
        other[1].close()


async def to_workspace(reader, writer):
    try:
        await join((reader, writer), await asyncio.open_unix_connection(f"{SOCKETS}/workspace"))
    except OSError:
        writer.close()


async def connect(order):
    """A connection that the sandbox asked for: to a port of this node, and out with the name it was given."""
    try:
        inside = await asyncio.open_connection("127.0.0.1", order["port"])
    except OSError as error:
        tell(id=order["id"], event="refused", why=os.strerror(error.errno) if error.errno else "refused")
        return
    outside = await asyncio.open_unix_connection(f"{SOCKETS}/tunnels")
    outside[1].write(f"{order['id']}\n".encode())
    await join(inside, outside)


async def listen_to(order, name, stream):
    while data := await stream.read(CHUNK):
        tell(id=order["id"], event="output", stream=name, data=base64.b64encode(data).decode())


async def run(order):
    try:
        process = await asyncio.create_subprocess_exec(
            *order["argv"], env=order["env"], cwd=order.get("cwd", "/"), start_new_session=True,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        tell(id=order["id"], event="exit", code=127, why=f"{order['argv'][0]}: {error.strerror}")
        return
    processes[order["id"]] = process
    tell(id=order["id"], event="started")
    if "input" in order:
        await write({"id": order["id"], "text": order["input"]})
        process.stdin.close()
    output = asyncio.gather(listen_to(order, "stdout", process.stdout), listen_to(order, "stderr", process.stderr))
    code = await process.wait()
    try:
        await asyncio.wait_for(output, LAST_WORDS_SECONDS)
    except asyncio.TimeoutError:
        pass
    del processes[order["id"]]
    tell(id=order["id"], event="exit", code=code)


async def stop(order):
    process = processes.get(order["id"])
    if process is None:
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            await asyncio.wait_for(process.wait(), order["grace"])
            return
        except asyncio.TimeoutError:
            pass


async def write(order):
    process = processes.get(order["id"])
    if process is None:
        return
    try:
        process.stdin.write(order["text"].encode())
        await process.stdin.drain()
    except ConnectionError:
        # It does not read what it is told; how it ends is told anyway.
        pass


async def put(order):
    """A file; written from in here, where a link that somebody laid leads nowhere else."""
    os.makedirs(os.path.dirname(order["path"]), exist_ok=True)
    with open(order["path"], "wb") as file:
        file.write(base64.b64decode(order["data"]))
    os.chmod(order["path"], 0o755)


ORDERS = {"run": run, "stop": stop, "write": write, "connect": connect}


async def main():
    await asyncio.start_server(to_workspace, "127.0.0.1", int(sys.argv[1]))
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader(limit=64 * 1024 * 1024)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    tell(event="ready")
    kept = set()
    while line := await orders.readline():
        order = json.loads(line)
        if order["do"] == "put":
            # What is run next may be this file.
            await put(order)
            continue
        task = asyncio.create_task(ORDERS[order["do"]](order))
        kept.add(task)
        task.add_done_callback(kept.discard)


# Whatever the sandbox was started with and did not open itself would lead out of here.
os.closerange(3, os.sysconf("SC_OPEN_MAX"))
asyncio.run(main())
