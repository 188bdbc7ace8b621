import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startSandbox } from '../src/sandbox.ts';
import type { Sandbox, SandboxOptions } from '../src/sandbox.ts';

/**
 * An answer as a test looks at it. Fields are read loosely: what is not there is undefined, and the assertion says
 * so.
 */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever a server answered
  readonly json: any;
}

export interface Client {
  (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export const MINUTE = 60_000;
export const ANN = 'ann@example.com';
export const BEN = 'ben@example.com';
const START = Date.parse('2027-03-16T09:00:00Z');

/** A sandbox on a clock that only moves when the test says so; closed when the test ends, however it ends. */
export async function openSandbox(options: SandboxOptions = {}) {
  let now = START;
  const sandbox = await startSandbox({ people: [ANN, BEN], now: () => now, ...options });
  onTestFinished(() => sandbox.close());
  return {
    sandbox,
    admin: clientOf(sandbox, sandbox.adminToken),
    as: (userName: string) => clientOf(sandbox, sandbox.tokenFor(userName)),
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** An empty folder that goes when the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Bodies that are text or bytes go as they are, the rest as JSON. */
export function clientOf(sandbox: Sandbox, token: string | undefined): Client {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(sandbox.url + path, {
      method,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };
}

/** A single-node cluster for Ann, valid without pool or policy. */
export const spec = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  cluster_name: 'ws-ann',
  spark_version: '17.3.x-scala2.13',
  node_type_id: 'Standard_D4ds_v5',
  kind: 'CLASSIC_PREVIEW',
  is_single_node: true,
  data_security_mode: 'SINGLE_USER',
  single_user_name: ANN,
  ...more,
});

export async function createCluster(client: Client, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const answer = await client('POST', '/api/2.1/clusters/create', spec(more));
  if (answer.status !== 200) throw new Error(`create: ${answer.status} ${answer.text}`);
  return answer.json.cluster_id as string;
}

export const getCluster = async (client: Client, id: string) =>
  (await client('GET', `/api/2.1/clusters/get?cluster_id=${id}`)).json;
