import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTemporalServer, type TemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { startWorkerProcess } from '../../../src/cli/rehearsal/embedded/worker-process.ts';
import { temporalOptions, WrongSettings } from '../../../src/temporal/connection-options.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { scratchFolder } from '../../scratch.ts';
import { MAIN, scratch, workshop } from '../run-cli.ts';
import { Authority, hasOpenssl, type Pair } from './front/certificates.ts';
import { certificateFront, keyFront, type Front } from './front/fronts.ts';

const KEY = 'a-key-that-nobody-is-to-see';

type Env = Readonly<Record<string, string>>;

describe.skipIf(!hasOpenssl)(`a Temporal server behind TLS${hasOpenssl ? '' : ' (left out: needs openssl)'}`, () => {
  const closing: (() => unknown)[] = [];
  let sandbox: Sandbox;
  let temporal: TemporalServer;
  let ours: Authority;
  let client: Pair;
  let stranger: Pair;
  let byCertificate: Front;
  let byKey: Front;

  beforeAll(async () => {
    const folder = scratchFolder((clean) => closing.push(clean));
    ours = new Authority(folder, 'ours');
    client = ours.sign('client');
    stranger = new Authority(folder, 'other').sign('stranger');
    const server = ours.sign('server', 'IP:127.0.0.1,DNS:temporal.example.invalid');
    sandbox = await startSandbox({ people: ['ann@example.com'] });
    closing.push(() => sandbox.close());
    temporal = await startTemporalServer({ ui: false, log: join(folder, 'temporal.log') });
    closing.push(() => temporal.stop());
    byCertificate = await certificateFront(temporal.address, server, ours.cert);
    closing.push(() => byCertificate.close());
    byKey = await keyFront(temporal.address, server, { apiKey: KEY, namespace: temporal.namespace });
    closing.push(() => byKey.close());
  });
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  const trusting = () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: ours.certFile });
  const showing = ({ certFile, keyFile }: Pair) => ({
    TEMPORAL_TLS_CLIENT_CERT_PATH: certFile,
    TEMPORAL_TLS_CLIENT_KEY_PATH: keyFile,
  });
  const credentials = () => ({ DATABRICKS_HOST: sandbox.url, DATABRICKS_TOKEN: sandbox.adminToken });

  /** A command that only reads, one that changes something, and a worker: each connects in a way of its own. */
  async function expectAnswered(env: Env): Promise<void> {
    const [listed, retried] = await Promise.all([
      workshop(['list'], env),
      workshop(['retry', 'nobody-knows-it', 'canary'], env),
    ]);
    expect(listed.stderr + listed.stdout).toContain('No workshop');
    expect(listed.code).toBe(0);
    expect(retried.stderr).toContain('There is no running workshop "nobody-knows-it"');
    const worker = await startWorkerProcess({
      env: { ...env, ...credentials() },
      logFile: join(scratch(), 'worker.log'),
      entry: [MAIN, 'worker', '--folder', scratch()],
    });
    await worker.stop();
    expect(await worker.ended).toBe('exit code 0');
  }

  /** All of them say the same, for people, and how to mend it. */
  async function expectSaid(env: Env, words: RegExp): Promise<void> {
    const outcomes = await Promise.all([
      workshop(['list'], env),
      workshop(['retry', 'nobody-knows-it', 'canary'], env),
      workshop(['worker', '--folder', scratch()], { ...env, ...credentials() }),
    ]);
    for (const outcome of outcomes) {
      expect(outcome.stderr).toMatch(words);
      expect(outcome.stderr).not.toMatch(/^\s+at /m);
      expect(outcome.stderr).not.toContain(KEY);
      expect([outcome.code, outcome.stdout]).toEqual([3, '']);
    }
  }

  describe('that asks for a certificate', () => {
    const at = () => ({ TEMPORAL_ADDRESS: byCertificate.address });

    it('answers who has one', async () => {
      await expectAnswered({ ...at(), ...trusting(), ...showing(client) });
    });

    it('answers by another name that is in its certificate', async () => {
      const name = { TEMPORAL_TLS_SERVER_NAME: 'temporal.example.invalid' };
      await expectAnswered({ ...at(), ...trusting(), ...showing(client), ...name });
    });

    it('and nobody shows one', () =>
      expectSaid({ ...at(), ...trusting() }, /wants to see a certificate of ours.*TEMPORAL_TLS_CLIENT_CERT_PATH/));

    it('and somebody shows one of another authority', () =>
      expectSaid({ ...at(), ...trusting(), ...showing(stranger) }, /refuses our certificate.*an authority signed/));

    it('signed by an authority that is not known here', () =>
      expectSaid(
        { ...at(), TEMPORAL_TLS: 'true', ...showing(client) },
        /signed by an authority that is not trusted here\. Set TEMPORAL_TLS_SERVER_CA_CERT_PATH/,
      ));

    it('by a name that is not in its certificate', () =>
      expectSaid(
        { ...at(), ...trusting(), ...showing(client), TEMPORAL_TLS_SERVER_NAME: 'elsewhere.example.invalid' },
        /not for elsewhere\.example\.invalid\. Set TEMPORAL_TLS_SERVER_NAME/,
      ));

    it('and is spoken to in the clear', () => expectSaid(at(), /speaks TLS only\. Set TEMPORAL_TLS=true/));
  });

  it('is none where TLS is asked for', () =>
    expectSaid(
      { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_TLS: 'true' },
      /does not speak TLS\. Unset TEMPORAL_TLS/,
    ));

  it('with settings that cannot be used, is not even asked', () => {
    const { certFile, keyFile } = client;
    const noPem = join(scratch(), 'no.pem');
    writeFileSync(noPem, 'nothing of that kind');
    const options = (env: Env) => () =>
      temporalOptions({ HOME: '/nowhere', TEMPORAL_ADDRESS: byCertificate.address, ...env });
    for (const [env, words] of [
      [{ TEMPORAL_TLS_CLIENT_CERT_PATH: certFile }, /the certificate of this client has no key/],
      [{ TEMPORAL_TLS_CLIENT_KEY_PATH: keyFile }, /the certificate of this client has only its key/],
      [{ TEMPORAL_TLS_SERVER_CA_CERT_PATH: noPem }, /the certificate of the server's authority is no PEM/],
      [showing({ ...client, keyFile: stranger.keyFile }), /certificate and key cannot be used/],
    ] as const) {
      expect(options(env)).toThrow(WrongSettings);
      expect(options(env)).toThrow(words);
    }
    expect(options({ ...trusting(), ...showing(client) })).not.toThrow();
  });

  describe('that asks for a key, as Temporal Cloud does', () => {
    const at = () => ({ TEMPORAL_ADDRESS: byKey.address, ...trusting() });

    it('answers who has it, although it has no operator service', async () => {
      await expectAnswered({ ...at(), TEMPORAL_API_KEY: KEY });
    });

    it('and gets another', () =>
      expectSaid({ ...at(), TEMPORAL_API_KEY: `${KEY}-of-before` }, /refuses these credentials: see TEMPORAL_API_KEY/));

    it('and gets none', () => expectSaid(at(), /refuses these credentials: see TEMPORAL_API_KEY/));
  });
});
