import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, Connection, WorkflowFailedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findTemporal } from '../../../src/cli/downloads/temporal-binary.ts';
import { startTemporalServer, type TemporalServer } from '../../../src/cli/rehearsal/embedded/temporal-server.ts';
import { runningBelow, workflowStatus } from '../../../src/activities/workflow-status.ts';
import { WorkshopReader } from '../../../src/reader.ts';
import { openCodecEndpoint } from '../../../src/temporal/encryption/codec-endpoint.ts';
import { temporalOptions } from '../../../src/temporal/connection-options.ts';
import { PayloadEncryption } from '../../../src/temporal/encryption/payload-encryption.ts';
import { workshop } from '../../cli/run-cli.ts';
import { scratchFolder } from '../../scratch.ts';
import { eventually } from '../../workflows/stage/eventually.ts';

const PERSON = 'ann@example.com';
const ABOUT = { runId: 'r', workspace: 'https://adb-1.2.azuredatabricks.net', workspaceId: '4242', timeZone: 'UTC' };
const KEY = randomBytes(32).toString('base64');
const OTHER = randomBytes(32).toString('base64');
const TASK_QUEUE = 'small';
const ID = 'workshop/spring';

const closing: (() => Promise<unknown>)[] = [];
let server: TemporalServer;
let binary: string;

const closed = <T extends { close(): Promise<void> }>(part: T): T => {
  closing.push(() => part.close());
  return part;
};
const envWith = (keys: Record<string, string>) => ({ TEMPORAL_ADDRESS: server.address, ...keys });

async function clientWith(keys: Record<string, string>): Promise<Client> {
  const { connection: options, namespace, dataConverter } = temporalOptions(envWith(keys));
  return new Client({ connection: closed(await Connection.connect(options)), namespace, dataConverter });
}

/** The program of Temporal itself, which has no key. */
async function temporal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(binary, args, {
    env: { HOME: '/nowhere', TEMPORAL_ADDRESS: server.address, ...env },
  });
  return stdout;
}

/** Payloads are shown in base64, or as the JSON that is in them. */
const textsIn = (shown: string): string =>
  [shown, ...[...shown.matchAll(/"([\w+/=]{8,})"/g)].map(([, found = '']) => Buffer.from(found, 'base64'))].join('\n');

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  binary = (await findTemporal()).path;
  const log = join(
    scratchFolder((clean) => closing.push(async () => clean())),
    'log',
  );
  server = await startTemporalServer({ binary, ui: false, log });
  closing.push(() => server.stop());
  const { namespace, dataConverter } = temporalOptions(envWith({ WORKSHOP_PAYLOAD_KEY: KEY }));
  const worker = await Worker.create({
    connection: closed(await NativeConnection.connect({ address: server.address })),
    namespace,
    dataConverter,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./small-workflow.ts', import.meta.url)),
  });
  const running = worker.run();
  closing.push(async () => {
    worker.shutdown();
    await running;
  });
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

const started = async (workflowId: string, about: unknown = 'spring in town') => {
  const { workflow } = await clientWith({ WORKSHOP_PAYLOAD_KEY: KEY });
  return workflow.start('small', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ email: PERSON }],
    memo: { about },
    staticDetails: `for ${PERSON}`,
  });
};

it('what a workflow is given, says and fails with is read by whoever has the key, and by nobody else', async () => {
  const handle = await started('all');
  expect(await handle.query('who')).toBe(`${PERSON} spring in town`);
  expect(await handle.executeUpdate('greet', { args: ['bo@example.com'] })).toBe(`${PERSON} greets bo@example.com`);
  const refused = await handle.executeUpdate('greet', { args: ['cleo@example.com'] }).catch((error: unknown) => error);
  expect((refused as WorkflowUpdateFailedError).cause?.message).toBe(`${PERSON} does not know cleo@example.com`);
  expect((await handle.describe()).memo).toEqual({ about: 'spring in town', note: `${PERSON} is here` });

  // Without a key, by the plain program: what it sends is read as it is.
  await temporal(['workflow', 'signal', '--workflow-id', 'all', '--name', 'end', '--input', '"dora@example.com"']);
  const failed = await handle.result().catch((error: unknown) => error);
  expect((failed as WorkflowFailedError).cause?.message).toBe(`${PERSON} was told to end by dora@example.com`);

  const shown = await temporal(['workflow', 'show', '--workflow-id', 'all', '--output', 'json']);
  const described = await temporal(['workflow', 'describe', '--workflow-id', 'all', '--output', 'json']);
  expect(shown).toContain('Encoded failure');
  for (const text of [shown, described]) {
    expect(text).toContain(Buffer.from('binary/encrypted').toString('base64'));
    for (const told of [PERSON, 'spring in town', 'bo@example.com', 'does not know'])
      expect(textsIn(text)).not.toContain(told);
  }
});

it('plain commands list, describe and terminate what is encrypted', async () => {
  const handle = await started('plain');
  await eventually(async () => expect(await temporal(['workflow', 'list', '--output', 'json'])).toContain('"plain"'));
  expect(await temporal(['workflow', 'describe', '--workflow-id', 'plain'])).toContain('WorkflowId');
  await temporal(['workflow', 'terminate', '--workflow-id', 'plain', '--reason', 'enough']);
  await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
});

it('through the codec endpoint the plain program reads everything, and sends what is encrypted', async () => {
  const handle = await started('through');
  const endpoint = await openCodecEndpoint({
    encryption: PayloadEncryption.from({ WORKSHOP_PAYLOAD_KEY: KEY }),
    origins: [],
    port: 0,
  });
  closing.push(() => endpoint.close());
  const codec = { TEMPORAL_CODEC_ENDPOINT: endpoint.url };
  await temporal(['workflow', 'signal', '--workflow-id', 'through', '--name', 'end', '--input', '"dora"'], codec);
  await handle.result().catch(() => undefined);
  const show = ['workflow', 'show', '--workflow-id', 'through', '--output', 'json'];
  const shown = textsIn(await temporal(show, codec));
  for (const told of [PERSON, 'spring in town', 'was told to end by dora']) expect(shown).toContain(told);
  expect(textsIn(await temporal(show))).not.toContain('dora');
});

it('says what is missing, in a sentence, to whoever has no key or another one', async () => {
  await started(ID, ABOUT);
  for (const [keys, said] of [
    [{}, /^What is asked for is encrypted .* WORKSHOP_PAYLOAD_KEY is not set here.*deploy\/worker\.env\.\n$/],
    [{ WORKSHOP_PAYLOAD_KEY: OTHER }, /^What is asked for is encrypted .* Add that key to WORKSHOP_PAYLOAD_OLD_KEYS/],
    [{ WORKSHOP_PAYLOAD_KEY: 'secret' }, /^WORKSHOP_PAYLOAD_KEY is not a key/],
  ] as const)
    for (const command of [['status', 'spring'], ['retry', 'spring', 'canary'], ['worker']]) {
      if (command[0] === 'worker' && keys.WORKSHOP_PAYLOAD_KEY !== 'secret') continue;
      const { code, stdout, stderr } = await workshop(command, envWith(keys));
      expect(stderr).toMatch(said);
      expect(stderr).not.toMatch(/^\s+at |secret/m);
      expect([code, stdout]).toEqual([2, '']);
    }
  const reader = await WorkshopReader.open(envWith({ WORKSHOP_PAYLOAD_KEY: OTHER, WORKSHOP_PAYLOAD_OLD_KEYS: KEY }));
  expect((await reader.look('spring')).about).toEqual(ABOUT);
  await reader.close();
});

it('whether a workflow runs is known without its key, so that what is lost can still be removed', async () => {
  await started('workshop/lost/attendee/1');
  const client = await clientWith({ WORKSHOP_PAYLOAD_KEY: OTHER });
  expect((await workflowStatus(client, 'workshop/lost/attendee/1'))?.status).toBe('running');
  expect(await workflowStatus(client, 'workshop/none')).toBeUndefined();
  await eventually(async () =>
    expect(await runningBelow(client, 'workshop/lost/attendee/')).toEqual(['workshop/lost/attendee/1']),
  );
  await temporal(['workflow', 'terminate', '--workflow-id', 'workshop/lost/attendee/1']);
  expect((await workflowStatus(client, 'workshop/lost/attendee/1'))?.status).toBe('ended');
  const reader = await WorkshopReader.open(envWith({}));
  expect(await reader.standing('spring')).toBe('running');
  await reader.close();
});
