import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Machine } from '../../src/nodes/machine/machine.ts';
import { layOutRoot } from '../../src/nodes/machine/machine-root.ts';
import { LOGIN, PRIVILEGED } from '../../src/nodes/machine/login.ts';
import { ENVIRONMENT, WORKSPACE_PORT, openMachine } from './open-machine.ts';
import { describeOnRealNodes } from './on-real-nodes.ts';

describeOnRealNodes('a machine', () => {
  test('asks a program to end, and ends it when it has not in the time it was given', async () => {
    const { machine } = await openMachine();
    const ends = async (deed: string, graceMs: number) => {
      let heard = (): void => {};
      const traps = new Promise<void>((resolve) => (heard = resolve));
      const program = machine.run({
        argv: ['/bin/bash', '-c', `trap '${deed}' TERM; echo ready; while :; do sleep 0.05; done`],
        env: ENVIRONMENT,
        input: '',
        onOutput: () => heard(),
      });
      await traps;
      program.stop(graceMs);
      const { code, stdout } = await program.ended;
      return [code, stdout];
    };
    expect(await ends('echo goodbye; exit 5', 60_000)).toEqual([5, 'ready\ngoodbye\n']);
    expect(await ends(':', 100)).toEqual([-9, 'ready\n']);
  });

  test('runs programs as root, under a name of its own, and tells their output and exit code', async () => {
    const { machine, shell } = await openMachine();
    expect(await shell('id -un; hostname; echo no >&2; exit 7')).toEqual({
      code: 7,
      printed: 'root\nip-10-139-64-4',
      complained: 'no',
    });
    expect(await machine.run({ argv: ['/no/such/program'], env: {} }).ended).toMatchObject({
      code: 127,
      stderr: '/no/such/program: No such file or directory',
    });
    const reader = machine.run({ argv: ['/bin/cat'], env: ENVIRONMENT, input: 'what it is given' });
    expect((await reader.ended).stdout).toBe('what it is given');
  });

  test('what a program is told before it runs is not lost', async () => {
    const { machine } = await openMachine();
    const reader = machine.run({ argv: ['/usr/bin/head', '-n', '2'], env: ENVIRONMENT });
    reader.write('first\n');
    reader.write('second\n');
    expect((await reader.ended).stdout).toBe('first\nsecond\n');
    const endless = machine.run({ argv: ['/bin/sleep', '600'], env: ENVIRONMENT });
    endless.stop();
    expect((await endless.ended).code).toBeLessThan(0);
  });

  test('a program that is stopped takes its children along', async () => {
    const { machine, shell } = await openMachine();
    const program = machine.run({ argv: ['/bin/bash', '-c', 'sleep 987 & wait'], env: ENVIRONMENT, input: '' });
    await program.started;
    program.stop();
    expect((await program.ended).code).not.toBe(0);
    expect((await shell('pgrep -c -f "sleep [9]87"')).printed).toBe('0');
  });

  test('sees no file, no process and no environment of the computer it runs on', async () => {
    const { folder, shell } = await openMachine();
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'not for nodes');
    expect((await shell(`cat ${secret}`)).complained).toContain('No such file or directory');
    expect(
      (await shell(`ls -d /proc/1/root${secret} /proc/[0-9]*/cwd${secret} ${tmpdir()}/dbx-* 2>/dev/null`)).printed,
    ).toBe('');
    expect(
      (
        await shell(
          `ls /proc | grep -cx ${process.pid}; cat /proc/[0-9]*/environ | tr '\\0' '\\n' | cut -d= ` +
            "-f1 | sort -u | tr '\\n' ' '",
        )
      ).printed,
    ).toMatch(/^0\n(HOME|LC_CTYPE|PATH|PWD|SHLVL|_| )+$/);
    expect((await shell('cat /etc/shadow')).printed).not.toMatch(/\$\w+\$/);
  });

  test('can change nothing outside of its own folders', async () => {
    const { shell } = await openMachine();
    for (const forbidden of [
      'touch /usr/bin/x',
      'touch /run/sandbox/x',
      'echo core > /proc/sys/kernel/core_pattern',
      'test -w /proc/sysrq-trigger',
      'mknod /tmp/disk b 254 0',
      'mount -t tmpfs none /mnt',
      'mount -o remount,rw /usr',
      'umount /usr',
      'chroot /proc/1/root touch /usr/bin/x',
    ]) {
      expect(await shell(forbidden), forbidden).not.toMatchObject({ code: 0 });
    }
    expect(
      (
        await shell(
          'for own in /root /opt /usr/local/bin /etc /databricks /tmp /var/tmp /local_disk0; do ' +
            'touch $own/x || echo $own; done',
        )
      ).printed,
    ).toBe('');
  });

  test('reaches the workspace and nothing else over the network', async () => {
    const { shell } = await openMachine();
    const other = createServer((_, response) => response.end('a server of this computer'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    expect((await shell(`curl -s http://127.0.0.1:${WORKSPACE_PORT}/api/x`)).printed).toBe('asked for /api/x');
    expect((await shell(`curl -s --max-time 3 http://127.0.0.1:${(other.address() as AddressInfo).port}/`)).code).toBe(
      7,
    );
  });

  test('takes connections to its ports', async () => {
    const { machine } = await openMachine();
    machine.put('/srv-root/hello', Buffer.from('from the node'));
    const server = machine.run({
      argv: ['/usr/bin/python3', '-u', '-m', 'http.server', '7772'],
      env: ENVIRONMENT,
      cwd: '/usr/share',
    });
    await server.started;
    await expect
      .poll(async () =>
        machine.connect(7_772).then(
          (socket) => socket.destroy() && true,
          () => false,
        ),
      )
      .toBe(true);
    const socket = await machine.connect(7_772);
    socket.write('GET / HTTP/1.0\r\n\r\n');
    let answer = '';
    for await (const piece of socket) answer += String(piece);
    expect(answer).toMatch(/^HTTP\/1\.0 200/);
    await expect(machine.connect(7_773)).rejects.toThrow('Connection refused');
  });

  test('shows folders that it is given, to read or to write', async () => {
    const { shell } = await openMachine((folder) => [
      { from: folder, to: '/Volumes/main/default/read', writable: false },
      { from: join(folder, 'root', 'opt'), to: '/Volumes/main/default/write', writable: true },
    ]);
    expect((await shell('touch /Volumes/main/default/read/x')).complained).toContain('Read-only file system');
    expect((await shell('touch /Volumes/main/default/write/x')).code).toBe(0);
  });

  test('news that somebody on the node makes up are not believed about anything else', async () => {
    const { machine, shell } = await openMachine();
    // Root takes the agent's own standard output.
    const forge = `
import ctypes, os
fd = ctypes.CDLL(None, use_errno=True).syscall(438, os.pidfd_open(2), 1, 0)
assert fd >= 0, os.strerror(ctypes.get_errno())
exits, prints = b'{"event":"exit","id":"of nobody","code":0}', b'{"event":"output","id":7}'
for line in (b'no json', exits, prints, b'[]', b'x' * 3_000_000, b'\\xff'):
    while line:
        line = line[os.write(fd, line):]
    os.write(fd, b'\\n')
print('forged')
`;
    const forger = await machine.run({ argv: ['/usr/bin/python3', '-'], env: ENVIRONMENT, input: forge }).ended;
    expect(forger, forger.stderr).toMatchObject({ code: 0, stdout: 'forged\n' });
    expect((await shell('echo still there')).printed).toBe('still there');
  });

  test('makes no system calls that reach into the rest of the computer', async () => {
    const { machine, shell } = await openMachine();
    const attempts = `
import ctypes, os, platform
call = ctypes.CDLL(None, use_errno=True).syscall
add_key, unshare, io_uring_setup, clone = (248, 272, 425, 56) if platform.machine() == 'x86_64' else (217, 97, 425, 220)
calls = (
    (add_key, b'user', b'sandbox-test', b'x', 1, -2),
    (unshare, 0x10000000),
    (io_uring_setup, 1, ctypes.create_string_buffer(200)),
    (clone, 0x10000011, 0, 0, 0, 0),
)
for number, *given in calls:
    print(call(number, *given), os.strerror(ctypes.get_errno()))
`;
    const { stdout, stderr } = await machine.run({ argv: ['/usr/bin/python3', '-'], env: ENVIRONMENT, input: attempts })
      .ended;
    expect(stdout.trim().split('\n'), stderr).toEqual(Array.from({ length: 4 }, () => '-1 Operation not permitted'));
    expect((await shell('grep Seccomp: /proc/1/status /proc/2/status')).printed.match(/2$/gm)).toHaveLength(2);
  });

  test('what the sandbox was started with and did not open itself does not come along', async () => {
    const { shell } = await openMachine();
    expect((await shell("tr '\\0' '\\n' < /proc/1/environ")).printed).toBe('');
    expect(
      (await shell('readlink /proc/1/fd/* /proc/2/fd/* | grep -v "^socket:\\|^anon_inode:\\|^pipe:"')).printed,
    ).toBe('');
  });

  test('opens a bounded number of connections', async () => {
    const { machine } = await openMachine();
    const flood = `
import socket
held = []
def is_open(path):
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(5)
    one.connect(path)
    held.append(one)
    try:
        one.sendall(b'GET /x HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n')
        return one.recv(1) != b''
    except OSError:
        return False
print(sum(is_open('/run/sandbox/workspace') for _ in range(600)))
`;
    const { stdout, stderr } = await machine.run({ argv: ['/usr/bin/python3', '-'], env: ENVIRONMENT, input: flood })
      .ended;
    expect(stdout, stderr).toBe('500\n');
  });

  test('one that cannot be set up says why, and takes nobody else along', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dbx-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const root = join(folder, 'root');
    layOutRoot(root, 'ip-10-139-64-4', LOGIN);
    const plan = { root, socketFolder: folder, hostName: 'ip-10-139-64-4', workspacePort: WORKSPACE_PORT };
    const started = Machine.start(
      { ...plan, programs: join(folder, 'missing'), mounts: [], login: LOGIN, privileged: PRIVILEGED },
      (socket) => socket.destroy(),
    );
    // It ends before it has read the filter of system calls: that must not be an error that nobody handles.
    await expect(started).rejects.toThrow(/missing/);
  });

  test('what runs on it when it is gone has ended', async () => {
    const { machine } = await openMachine();
    const program = machine.run({ argv: ['/bin/sleep', '100'], env: ENVIRONMENT, input: '' });
    await program.started;
    await machine.stop();
    expect((await program.ended).code).toBe(-9);
    expect((await machine.run({ argv: ['/bin/true'], env: {} }).ended).code).toBe(-9);
    await expect(machine.connect(1)).rejects.toThrow('the node is gone');
  });
});
