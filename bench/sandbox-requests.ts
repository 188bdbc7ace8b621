/**
 * How quickly the sandbox answers, in one run: `node bench/sandbox-requests.ts`. The sandbox is a process of its own
 * and twenty clients ask it from this one, over HTTP on loopback. Absolute figures depend on the machine; the ratios
 * between lines of one run do not.
 */
import { fork } from 'node:child_process';
import { Pool } from 'undici';
import { startSandbox } from '../sandbox/index.ts';

const CLIENTS = 20;
const PAGES = 200;
const REQUESTS = 4_000;
const PERSON = 'ann@example.com';

interface Started {
  readonly url: string;
  readonly admin: string;
  readonly person: string;
}

if (process.argv.includes('--serve')) await serve();
else await measure();

async function serve(): Promise<void> {
  const sandbox = await startSandbox({ people: [PERSON], speed: 600, launch: { burst: 1_000_000, perSecond: 1_000 } });
  process.send?.({ url: sandbox.url, admin: sandbox.adminToken, person: sandbox.tokenFor(PERSON) } satisfies Started);
}

async function measure(): Promise<void> {
  const server = fork(import.meta.filename, ['--serve']);
  process.once('exit', () => server.kill());
  const { url, admin, person } = await new Promise<Started>((resolve, reject) => {
    server.once('message', (started) => resolve(started as Started));
    server.once('error', reject);
  });
  const pool = new Pool(url, { connections: CLIENTS });
  const ask = async (
    token: string,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<Record<string, unknown>> => {
    const { statusCode, body: answer } = await pool.request({
      method,
      path,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode !== 200) throw new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 300)}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const ids: string[] = [];
  const create = async (): Promise<void> => {
    const answer = await ask(admin, 'POST', '/api/2.1/clusters/create', {
      cluster_name: `c${ids.length}`,
      spark_version: '17.3.x-scala2.13',
      node_type_id: 'Standard_D4ds_v5',
      kind: 'CLASSIC_PREVIEW',
      is_single_node: true,
      custom_tags: { Workshop: 'bench' },
    });
    ids.push(String(answer['cluster_id']));
  };
  const page = (token: string, query: string) => () =>
    ask(token, 'GET', `/api/2.1/clusters/list?page_size=100${query}`);

  await rate(100, create);
  // Not counted: code that runs for the first time is slow.
  await timed(page(admin, ''));
  const few = await timed(page(admin, ''));
  show('a page of 100, of 100 clusters', few);
  const creates = await rate(900, create);
  const many = await timed(page(admin, ''));
  show('a page of 100, of 1,000 clusters', many);
  show('the last of ten pages', await timed(page(admin, `&page_token=${await lastToken(ask, admin)}`)));
  show(
    'a page by state',
    await timed(page(admin, '&filter_by.cluster_states=RUNNING&filter_by.cluster_states=PENDING')),
  );
  show('a listing of somebody who sees none', await timed(page(person, '')));
  await rate(4_000, create);
  show('a page of 100, of 5,000 clusters', await timed(page(admin, '')));
  const gone = ids.splice(0, 4_000);
  await rate(gone.length, () => ask(admin, 'POST', '/api/2.1/clusters/permanent-delete', { cluster_id: gone.pop() }));
  const old = await timed(page(admin, ''));
  show('a page of 100, of 1,000 left of 5,000', old);

  const mixed = await rate(REQUESTS, (index) => {
    const id = ids[index % ids.length];
    if (index % 4 === 0) return ask(admin, 'GET', '/api/2.1/clusters/list?page_size=20');
    if (index % 4 === 1) return ask(admin, 'POST', '/api/2.1/clusters/events', { cluster_id: id });
    return ask(admin, 'GET', `/api/2.1/clusters/get?cluster_id=${id}`);
  });
  const full = await rate(PAGES * 4, page(admin, ''));
  console.log(
    `requests a second, ${CLIENTS} clients: creates ${Math.round(creates)}, get, events and short ` +
      `lists ${Math.round(mixed)}, full pages ${Math.round(full)}`,
  );
  console.log(
    `ratio of page times: 1,000 to 100 clusters ${(many.median / few.median).toFixed(2)}, 5,000 ` +
      `ever made to 1,000 ${(old.median / many.median).toFixed(2)}`,
  );
  server.disconnect();
  server.kill();
  await pool.close();
}

async function lastToken(
  ask: (token: string, method: 'GET', path: string) => Promise<Record<string, unknown>>,
  admin: string,
): Promise<string> {
  let token = '';
  for (;;) {
    const next = (await ask(admin, 'GET', `/api/2.1/clusters/list?page_size=100&page_token=${token}`))[
      'next_page_token'
    ];
    if (typeof next !== 'string' || next === '') return token;
    token = next;
  }
}

/** Twenty clients at once; answers how many requests a second they got done. */
async function rate(count: number, one: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < count) await one(next++);
    }),
  );
  return (count * 1_000) / (performance.now() - began);
}

interface Timing {
  readonly median: number;
  readonly p95: number;
}

/** One client, one request after the other; milliseconds. */
async function timed(one: () => Promise<unknown>): Promise<Timing> {
  const took: number[] = [];
  for (let index = 0; index < PAGES; index += 1) {
    const began = performance.now();
    await one();
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return { median: took[PAGES >> 1] ?? 0, p95: took[Math.floor(PAGES * 0.95)] ?? 0 };
}

function show(what: string, { median, p95 }: Timing): void {
  console.log(`${what}: median ${median.toFixed(1)} ms, one in twenty over ${p95.toFixed(1)} ms`);
}
