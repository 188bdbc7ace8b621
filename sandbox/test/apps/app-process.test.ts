import { expect, onTestFinished, test } from 'vitest';
import { AppLog } from '../../src/apps/running/front/app-log.ts';
import { AppProcess } from '../../src/apps/running/app-process.ts';
import { scratchFolder } from '../harness.ts';
import { describeOnRealNodes } from '../nodes/on-real-nodes.ts';

/** Code that is started at once, and ended with the test. */
async function start(code: string, patienceMs: number) {
  const log = new AppLog();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const started = AppProcess.start(
    {
      name: 'dash',
      folder: scratchFolder(),
      files: new Map([['app.py', Buffer.from(code)]]),
      command: ['python', '-u', 'app.py'],
      env: {},
      packages: undefined,
      workspacePort: 7_474,
      log,
      now: () => 0,
      onConnection: (socket) => socket.destroy(),
      patienceMs,
    },
    stop.signal,
  );
  return { started, said: () => log.lines().map(({ message }) => message) };
}

const LISTENS = `import http.server, signal, sys
def goodbye(*_):
    print("goodbye")
    sys.exit(0)
signal.signal(signal.SIGTERM, goodbye)
print("hello")
http.server.HTTPServer(("127.0.0.1", 8000), http.server.SimpleHTTPRequestHandler).serve_forever()
`;

describeOnRealNodes('the process of an app', () => {
  test('has failed when nothing listens in the time there is', async () => {
    const { started } = await start('import time\nwhile True: time.sleep(1)\n', 500);
    await expect(started).rejects.toThrow('Nothing listens on port 8000 after 0.5 s. See the log of the app.');
  });

  test('is asked to end, and may say goodbye', async () => {
    const { started, said } = await start(LISTENS, 100_000);
    const process = await started;
    await process.stop(60_000);
    expect(await process.ended).toBe('The app ended with exit code 0.');
    expect(said()).toEqual(['hello', 'goodbye']);
  });

  test('is ended when it does not', async () => {
    const { started } = await start(LISTENS.replace('goodbye)', 'signal.SIG_IGN)'), 100_000);
    const process = await started;
    await process.stop(100);
    expect(await process.ended).toBe('The app was ended by signal 9.');
  });
});
