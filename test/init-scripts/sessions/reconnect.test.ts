import { expect, test } from 'vitest';
import { describeOnRealNodes } from '../../../sandbox/test/nodes/on-real-nodes.ts';
import { STAND_IN, standInBundle, workshopSandbox } from '../workshop-node.ts';

/** Stands for the SSH server: a process for each connection, and a word to whoever is connected when that ends. */
const SERVER = `import socket, subprocess, threading, time
listening = socket.create_server(('127.0.0.1', 7772), backlog=64)
print('listening', flush=True)
def serve(connection):
    session = subprocess.Popen(['sshd: root@notty', '-c', 'sleep 300 & wait'], executable='/bin/bash')
    connection.sendall(b'hello ')
    session.wait()
    connection.sendall(b'over')
    connection.close()
while True:
    try:
        connection = listening.accept()[0]
    except OSError:
        # As a server in Go does: it tries again.
        time.sleep(0.05)
        continue
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
`;
/** One that is connected already, and then one after the other, each at once, until nobody answers. */
const CLIENTS = `import socket, threading
said = []
def connect():
    try:
        with socket.create_connection(('127.0.0.1', 7772), timeout=60) as connection:
            text = b''
            while True:
                more = connection.recv(100)
                if not more: break
                text += more
            said.append(text.decode() or 'reset')
            return True
    except ConnectionRefusedError:
        return False
    except ConnectionResetError:
        said.append('reset')
        return True
def come_again():
    while connect(): pass
threads = [threading.Thread(target=come_again) for _ in range(3)]
for each in threads: each.start()
for each in threads: each.join()
print('|'.join(sorted(set(said))), len(said) >= 3)
`;

describeOnRealNodes('claude-refresh-token --reconnect', () => {
  const opened = workshopSandbox(standInBundle);

  test('whoever is connected hears that it is over, and so does whoever comes at once', async () => {
    const node = await opened().launch({ WORKSHOP_CLAUDE_VERSION: STAND_IN });
    const ran = await node.session(
      `mkdir /tmp/x && cd /tmp/x && cat > ssh <<'PYTHON'\n${SERVER}PYTHON\ncat > clients.py <<'PYTHON'\n${CLIENTS}PYTHON
       bash -c 'exec -a /x/databricks python3 ssh server' > said 2>&1 &
       touch said; until grep -q listening said; do sleep 0.1; done
       python3 clients.py > heard 2>&1 & clients=$!
       until grep -lsa 'sshd: root@notty' /proc/[0-9]*/cmdline >/dev/null; do sleep 0.1; done
       claude-refresh-token --reconnect; wait $clients; cat heard said
       claude-refresh-token --reconnect`,
    );
    // A reset is heard at once; what nobody may get is a greeting, and then no word.
    expect(ran.stdout, ran.stderr).toMatch(/^Your connections end now[^]*\nhello over(\|reset)? True\nlistening\n/);
    expect(ran.stdout).toMatch(/\nFAIL {2}server +no SSH server of databricks ssh runs here\n/);
  });
});
