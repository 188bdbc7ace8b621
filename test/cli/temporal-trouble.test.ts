import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../src/cli/rehearsal/embedded/free-ports.ts';
import { startWorkerProcess } from '../../src/cli/rehearsal/embedded/worker-process.ts';
import { startTemporalServer, type TemporalServer } from '../../src/cli/rehearsal/embedded/temporal-server.ts';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { scratch, workshop, type Outcome } from './run-cli.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
let sandbox: Sandbox;
let temporal: TemporalServer;
let silent: string;
const logs = mkdtempSync(join(tmpdir(), 'workshop-cli-test-'));

beforeAll(async () => {
  sandbox = await startSandbox({ people: ['ann@example.com'] });
  temporal = await startTemporalServer({ ui: false, log: join(logs, 'temporal.log') });
  const [port] = await freePorts(1);
  silent = `127.0.0.1:${port}`;
});
afterAll(async () => {
  await temporal?.stop();
  await sandbox?.close();
  rmSync(logs, { recursive: true, force: true });
});

const worker = (env: Readonly<Record<string, string>>) =>
  workshop(['worker', '--folder', scratch()], {
    DATABRICKS_HOST: sandbox.url,
    DATABRICKS_TOKEN: sandbox.adminToken,
    ...env,
  });

/** One message for people, nothing on stdout. */
function expectWords({ code, stdout, stderr }: Outcome, wanted: number, words: string): void {
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe('');
  expect(code).toBe(wanted);
}

describe('a Temporal server that is not there', () => {
  it('is said in the same words by client and worker', async () => {
    const start = 'Start one with "bin/workshop local", or set TEMPORAL_ADDRESS.';
    const words = `No Temporal server answers at ${silent}. ${start}`;
    expectWords(await workshop(['status', 'x'], { TEMPORAL_ADDRESS: silent }), 3, words);
    expectWords(await worker({ TEMPORAL_ADDRESS: silent }), 3, words);
  });

  it('keeps a rehearsal from starting anything', async () => {
    const outcome = await workshop(['rehearse', '--attendees', '2'], { TEMPORAL_ADDRESS: silent });
    expectWords(
      outcome,
      3,
      `No Temporal server answers at ${silent} (TEMPORAL_ADDRESS). Start it, or unset ` +
        'TEMPORAL_ADDRESS and the rehearsal brings its own.',
    );
  });
});

it('a namespace that is not there ends client, worker and rehearsal at once', async () => {
  const env = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: 'nope' };
  const words =
    `The Temporal server at ${temporal.address} has no namespace "nope": create it, or correct ` +
    'TEMPORAL_NAMESPACE.';
  expectWords(await workshop(['status', 'x'], env), 3, words);
  expectWords(await worker(env), 3, words);
  expectWords(await workshop(['rehearse', '--attendees', '2'], env), 3, words);
});

describe('settings for Temporal that cannot be used', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a profile that is not there', { TEMPORAL_PROFILE: 'nope' }, 'See TEMPORAL_PROFILE'],
    [
      'a certificate that is not there',
      { TEMPORAL_TLS_CLIENT_CERT_PATH: '/nowhere/cert.pem' },
      'See TEMPORAL_TLS_CLIENT_CERT_PATH.',
    ],
    [
      'a web address',
      { TEMPORAL_ADDRESS: 'http://127.0.0.1:7233' },
      'TEMPORAL_ADDRESS is "http://127.0.0.1:7233", but is written host:port, like 127.0.0.1:7233.',
    ],
  ])('%s', async (_, env, words) => {
    expectWords(await workshop(['status', 'x'], env), 2, words);
    expectWords(await worker(env), 2, words);
  });

  it('a file that is no TOML', async () => {
    const file = join(scratch(), 'bad.toml');
    writeFileSync(file, '[profile.default\naddress = nonsense');
    expectWords(await worker({ TEMPORAL_CONFIG_FILE: file }), 2, `See TEMPORAL_CONFIG_FILE (${file}).`);
  });
});

it('a worker that is well says one line, and an empty variable is none', async () => {
  const logFile = join(scratch(), 'worker.log');
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_API_KEY: '',
    TEMPORAL_PROFILE: '',
    DATABRICKS_HOST: sandbox.url,
    DATABRICKS_TOKEN: sandbox.adminToken,
  };
  const started = await startWorkerProcess({ env, logFile, entry: [MAIN, 'worker', '--folder', scratch()] });
  await started.stop();
  expect(await started.ended).toBe('exit code 0');
  expect(readFileSync(logFile, 'utf8')).toMatch(/^worker ready: .*\n$/);
});
