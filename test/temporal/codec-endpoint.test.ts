import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openCodecEndpoint } from '../../src/temporal/encryption/codec-endpoint.ts';
import { workshop } from '../cli/run-cli.ts';
import { PayloadEncryption } from '../../src/temporal/encryption/payload-encryption.ts';

const UI = 'http://127.0.0.1:8233';
const KEY = randomBytes(32).toString('base64');

async function endpoint(key = KEY): Promise<string> {
  const opened = await openCodecEndpoint({
    encryption: PayloadEncryption.from({ WORKSHOP_PAYLOAD_KEY: key }),
    origins: [UI],
    port: 0,
  });
  onTestFinished(() => opened.close());
  return opened.url;
}

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const base64 = (text: string) => Buffer.from(text).toString('base64');
const PLAIN = { metadata: { encoding: base64('json/plain') }, data: base64('"ann@example.com"') };

it('encrypts and decrypts JSON payloads, and leaves alone what is not encrypted', async () => {
  const url = await endpoint();
  const encoded = await post(`${url}/encode`, { payloads: [PLAIN] });
  const sealed = (await encoded.json()) as { payloads: [{ metadata: Record<string, string> }] };
  expect(sealed.payloads[0].metadata['encoding']).toBe(base64('binary/encrypted'));
  const decoded = await post(`${url}/decode`, { payloads: [...sealed.payloads, PLAIN] });
  expect([decoded.status, await decoded.json()]).toEqual([200, { payloads: [PLAIN, PLAIN] }]);
});

it('answers nobody who does not know its address, which follows from the key alone', async () => {
  const url = await endpoint();
  for (const wrong of [new URL('/decode', url).href, `${url.slice(0, -1)}/decode`, url, `${url}/constructor`])
    expect((await post(wrong, { payloads: [PLAIN] })).status).toBe(404);
  expect(new URL(await endpoint()).pathname).toBe(new URL(url).pathname);
  expect(new URL(await endpoint(randomBytes(32).toString('base64'))).pathname).not.toBe(new URL(url).pathname);
});

it('lets the pages ask that it was told of, and no others', async () => {
  const url = await endpoint();
  const preflight = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(UI);
  expect(preflight.headers.get('access-control-allow-headers')).toContain('x-namespace');
  const asked = await post(`${url}/decode`, { payloads: [PLAIN] }, { origin: UI });
  expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([200, UI]);
  const stranger = await post(`${url}/decode`, { payloads: [PLAIN] }, { origin: 'https://evil.example.com' });
  expect([stranger.status, stranger.headers.get('access-control-allow-origin')]).toEqual([403, null]);
});

it('says in words what it cannot read', async () => {
  const url = await endpoint();
  const other = await endpoint(randomBytes(32).toString('base64'));
  const sealed: unknown = await (await post(`${other}/encode`, { payloads: [PLAIN] })).json();
  const refused = await post(`${url}/decode`, sealed);
  expect(refused.status).toBe(400);
  expect(await refused.text()).toMatch(/encrypted on the Temporal server with the key .* Add that key to/);
  const nonsense = await post(`${url}/decode`, { nonsense: true });
  expect([nonsense.status, await nonsense.text()]).toEqual([400, expect.stringContaining('not what Temporal sends')]);
  expect((await fetch(`${url}/decode`)).status).toBe(405);
});

it('does not open without a key', async () => {
  const encryption = PayloadEncryption.from({});
  await expect(openCodecEndpoint({ encryption, origins: [], port: 0 })).rejects.toThrow(
    /^WORKSHOP_PAYLOAD_KEY is not set here, .* Set it to the key that the worker has/,
  );
});

it.each([
  [[], {}, /^WORKSHOP_PAYLOAD_KEY is not set here/],
  [['--ui', '127.0.0.1:8233'], { WORKSHOP_PAYLOAD_KEY: KEY }, /^--ui is "127\.0\.0\.1:8233", but is the beginning of/],
])('workshop codec %j refuses in a sentence', async (args, env, said) => {
  const { code, stdout, stderr } = await workshop(['codec', ...args], env);
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect([code, stdout]).toEqual([2, '']);
});
