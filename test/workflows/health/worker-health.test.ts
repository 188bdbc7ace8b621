import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { METRIC_NAMES } from '../../../src/metrics/exposition.ts';
import { monitoredNames, ONLY_AFTER_FAILURES } from '../../deployment/monitored-names.ts';
import { RealStack } from '../stage/real-stack.ts';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const SOON = { timeout: 120_000, interval: 50 };
const PEOPLE = 3;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

test('a worker says when it takes work and when not, and tells of itself and of its workshop', async ({
  onTestFinished,
}) => {
  const stack = await RealStack.start({ people: PEOPLE, workers: 0 });
  onTestFinished(() => stack.stop());
  const port = await freePort();
  const options = ['--folder', stack.folder, '--speed', '60'];
  const worker = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, 'worker', ...options, '--metrics-port', String(port)],
    {
      env: {
        PATH: process.env['PATH'],
        ...stack.env,
        DATABRICKS_HOST: stack.sandbox.url,
        DATABRICKS_TOKEN: stack.sandbox.adminToken,
        WORKSHOP_LOG_FORMAT: 'json',
        WORKSHOP_LOG: 'INFO',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = once(worker, 'exit');
  onTestFinished(() => {
    worker.kill('SIGKILL');
  });
  let logged = '';
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (logged += text));

  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  /** What /readyz answered so far, without repetitions; `gone` where nobody listens. */
  const seen: (number | 'gone')[] = [];
  const look = async () => {
    const now = await ask('/readyz').then(
      ({ status }) => status,
      () => 'gone' as const,
    );
    if (seen.at(-1) !== now) seen.push(now);
    return now;
  };
  await vi.waitFor(async () => expect(await look(), logged).toBe(200), { timeout: 120_000, interval: 5 });
  expect(seen.filter((each) => each !== 'gone')).toEqual([503, 200]);
  expect((await ask('/healthz')).status).toBe(200);

  const id = await stack.open();
  const metrics = async () => (await ask('/metrics')).text();
  await vi.waitFor(async () => {
    const text = await metrics();
    expect(text).toContain(`workshop_answers{workshop="${id}"} 1\n`);
    expect(text).toMatch(new RegExp(`^workshop_clusters_created_total\\{workshop="${id}"\\} ${PEOPLE}$`, 'm'));
    expect(text).toContain(`workshop_forecast_seconds{workshop="${id}"}`);
    expect(text).toContain(`workshop_listing_age_seconds{workshop="${id}"}`);
  }, SOON);
  const text = await metrics();
  // The SDK's own, Node's own, and ours: the latter but for what only some workshops have.
  expect(text).toMatch(/^temporal_worker_task_slots_available\{.*\} \d+$/m);
  expect(text).toMatch(/^temporal_num_pollers\{.*\} [1-9]\d*$/m);
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
  for (const name of METRIC_NAMES) expect(text).toContain(`# TYPE ${name} `);
  for (const name of monitoredNames())
    if (!ONLY_AFTER_FAILURES.includes(name)) expect(text, name).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
  // Prometheus refuses a scrape in which one family is described twice.
  const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(families.filter((each, n) => families.indexOf(each) !== n)).toEqual([]);
  for (const person of stack.people) expect(text).not.toContain(person);
  expect(text).not.toContain('@');

  seen.length = 0;
  worker.kill('SIGTERM');
  await vi.waitFor(async () => expect(await look()).toBe('gone'), { timeout: 120_000, interval: 1 });
  expect(seen.slice(seen.indexOf(503))).toEqual([503, 'gone']);
  expect(await ended).toEqual([0, null]);

  const lines = logged
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.find(({ message }) => String(message).startsWith('worker ready'))).toMatchObject({ level: 'INFO' });
  for (const person of stack.people) expect(logged).not.toContain(person);
});
