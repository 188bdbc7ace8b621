import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../run-program.ts';
import { isAlive } from '../scratch.ts';
import { appFolder, INIT_SCRIPTS } from './app-room.ts';

const SHOW_APP = join(INIT_SCRIPTS, 'bin', 'show-app');

/** Answers with what it finds in its environment; a program that it started lives as long as it does. */
const SERVER = `import http.server, os, subprocess, sys
child = subprocess.Popen(["sleep", "300"])
open("pids", "w").write(f"{os.getpid()} {child.pid}")
names = ("DATABRICKS_APP_NAME", "PORT", "STREAMLIT_SERVER_PORT", "UVICORN_HOST", "GREETING")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
        self.wfile.write(" ".join(os.environ.get(name, "-") for name in names).encode())
print("the app says hello", *sys.argv[1:])
http.server.HTTPServer(("0.0.0.0", int(os.environ["DATABRICKS_APP_PORT"])), Handler).serve_forever()
`;

/** A port that nobody has. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function showing(home: string, args: readonly string[]) {
  const child = spawn('/bin/bash', [SHOW_APP, ...args], {
    env: { PATH: process.env['PATH'], HOME: home },
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, said: () => said };
}

const show = (home: string, args: readonly string[]) =>
  runProgram('/bin/bash', ['-c', 'cd && exec bash "$@"', 'bash', SHOW_APP, ...args], {
    PATH: process.env['PATH'],
    HOME: home,
  });

test.each(['SIGINT', 'SIGHUP', 'SIGKILL'] as const)('the app answers on this node alone, until %s', async (signal) => {
  const { home, folder, write } = appFolder();
  write('app.py', SERVER);
  write(
    'app.yaml',
    'command:\n  - python\n  - app.py\n  - "$DATABRICKS_APP_PORT"\nenv:\n- name: GREETING\n  value: hi\n',
  );
  const port = await freePort();
  const { child, ended, said } = showing(home, ['--port', String(port)]);
  await expect.poll(said, { timeout: 15_000 }).toContain(`The app runs: http://127.0.0.1:${port}\n`);
  expect(said()).toContain(`the app says hello ${port}\n`);
  expect(said()).toContain(`ssh -L ${port}:127.0.0.1:${port} <the alias that you connect with>`);
  expect(said()).not.toContain('listens on every address');
  const answer = await fetch(`http://127.0.0.1:${port}`);
  expect(await answer.text()).toBe(`dash-app ${port} ${port} 127.0.0.1 hi`);
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  child.kill(signal);
  const code = await ended;
  if (signal === 'SIGKILL') {
    await expect.poll(() => isAlive(pids[0] ?? 0), { timeout: 9_000 }).toBe(false);
    if (pids[1] !== undefined && isAlive(pids[1])) process.kill(pids[1]);
  } else {
    expect(code, said()).toBe(0);
    expect(pids.map(isAlive)).toEqual([false, false]);
  }
});

test('it ends when nobody reads any more what it says', async () => {
  const { home, folder, write } = appFolder();
  write('app.py', SERVER);
  const { child, ended, said } = showing(home, ['--port', String(await freePort())]);
  await expect.poll(said, { timeout: 15_000 }).toContain('The app runs');
  child.stdout.destroy();
  child.stderr.destroy();
  await ended;
  const pids = readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number);
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('for programs there is a line as soon as it answers', async () => {
  const { home, write } = appFolder();
  write('app.py', SERVER);
  const port = await freePort();
  const { child, said } = showing(home, ['--json', '--port', String(port)]);
  await expect.poll(said, { timeout: 15_000 }).toContain('"ok": true');
  const line = said()
    .split('\n')
    .find((each) => each.startsWith('{'));
  expect(JSON.parse(line ?? '')).toMatchObject({ v: 1, command: 'show-app', url: `http://127.0.0.1:${port}` });
  child.kill('SIGINT');
});

test('a port that is taken: by whom, and what to type', async () => {
  const { home } = appFolder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const refused = await show(home, ['--port', String(port)]);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    new RegExp(
      `^Port ${port} is taken by process ${process.pid} \\(.+\\)\\. End it with kill ${process.pid}, or take `,
    ),
  );
  expect(refused.stderr).toContain(`another port: show-app --port ${port + 1}\n`);
});

test('an app that ends at once: with what, and its last lines', async () => {
  const { home, write, folder } = appFolder();
  write('app.py', 'import sys; print("before"); print("out of cheese", file=sys.stderr); sys.exit(3)\n');
  const args = ['--port', String(await freePort())];
  const ended = await show(home, args);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toBe(
    'The app ended by itself before it answered, with exit code 3. The last that it said:\n  before\n' +
      '  out of cheese\nMend it (give Claude Code these lines), then type show-app again.\n',
  );
  write('app.py', 'import os; os.kill(os.getpid(), 9)\n');
  expect((await show(home, args)).stderr).toContain('by the signal SIGKILL. The last that it said:\n  (nothing)\n');
  write('app.yaml', 'command: ["no-such-program"]\n');
  expect((await show(home, args)).stderr).toContain('starts with no-such-program, and there is no such program here.');
  write('app.yaml', 'command: ["python", "other.py"]\n');
  expect((await show(home, args)).stderr).toContain('app.yaml starts other.py, and that file is not there');
  rmSync(folder, { recursive: true });
  expect((await show(home, args)).stderr).toContain(`There is no app in ${folder}: it has no app.py`);
});
