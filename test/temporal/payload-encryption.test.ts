import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { expect, it } from 'vitest';
import { WrongSettings } from '../../src/temporal/client-errors.ts';
import { PayloadEncryption } from '../../src/temporal/encryption/payload-encryption.ts';

const key = () => randomBytes(32).toString('base64');
const [OURS, OLD, OTHER] = [key(), key(), key()];
const having = (now: string, old = '') =>
  PayloadEncryption.from({ WORKSHOP_PAYLOAD_KEY: now, WORKSHOP_PAYLOAD_OLD_KEYS: old });

const PLAIN = defaultPayloadConverter.toPayload({ email: 'ann@example.com' });
const only = async (payloads: Promise<Payload[]>): Promise<Payload> => (await payloads)[0] ?? {};
const text = (payload: Payload) =>
  Buffer.from(temporal.api.common.v1.Payload.encode(payload).finish()).toString('latin1');
const changed = (payload: Payload, change: (data: Buffer) => void): Payload => {
  const data = Buffer.from(payload.data ?? []);
  change(data);
  return { ...payload, data };
};

it('encrypts the whole payload, each under a nonce of its own, and reads it again', async () => {
  const codec = having(OURS);
  const once = await only(codec.encode([PLAIN]));
  const twice = await only(codec.encode([PLAIN]));
  expect(Buffer.from(once.metadata?.['encoding'] ?? []).toString()).toBe('binary/encrypted');
  expect(text(once)).not.toMatch(/ann@example|json/);
  expect(once.data).not.toEqual(twice.data);
  // 96 bits of nonce, the payload, 128 bits of tag.
  expect(once.data).toHaveLength(12 + temporal.api.common.v1.Payload.encode(PLAIN).finish().length + 16);
  const read = await only(codec.decode([once]));
  expect(defaultPayloadConverter.fromPayload(read)).toEqual({ email: 'ann@example.com' });
  expect(text(read)).toBe(text(PLAIN));
});

it('keeps payloads without data, and without metadata', async () => {
  const codec = having(OURS);
  const nothing = defaultPayloadConverter.toPayload(undefined as never);
  const [first, second] = await codec.decode(await codec.encode([nothing, {}]));
  expect(defaultPayloadConverter.fromPayload(first ?? {})).toBeUndefined();
  expect(text(second ?? {})).toBe('');
});

it('reads what is not encrypted, with a key and without, and encrypts nothing without one', async () => {
  expect(await only(having(OURS).decode([PLAIN]))).toBe(PLAIN);
  expect(await only(having('').decode([PLAIN]))).toBe(PLAIN);
  expect(await only(having('').encode([PLAIN]))).toBe(PLAIN);
  expect(await only(having('', OLD).encode([PLAIN]))).toBe(PLAIN);
});

it('reads with old keys, and never writes with one', async () => {
  const before = await only(having(OLD).encode([PLAIN]));
  const both = having(OURS, ` ${OTHER}, ${OLD}`);
  expect(text(await only(both.decode([before])))).toBe(text(PLAIN));
  await expect(having(OLD).decode(await both.encode([PLAIN]))).rejects.toThrow(WrongSettings);
});

it('says in a sentence which key is missing', async () => {
  const sealed = await having(OURS).encode([PLAIN]);
  await expect(having('').decode(sealed)).rejects.toThrow(
    /^What is asked for is encrypted .* with the key [0-9a-f]{16}, and WORKSHOP_PAYLOAD_KEY is not set here: .* Set/,
  );
  await expect(having(OTHER).decode(sealed)).rejects.toThrow(
    /with the key [0-9a-f]{16}, and only [0-9a-f]{16} can be had here .* Add that key to WORKSHOP_PAYLOAD_OLD_KEYS\.$/,
  );
});

it.each<[string, (data: Buffer) => void]>([
  ['the text', (data) => data.writeUInt8(data.readUInt8(14) ^ 1, 14)],
  ['the nonce', (data) => data.writeUInt8(data.readUInt8(0) ^ 1, 0)],
  ['the tag', (data) => data.writeUInt8(data.readUInt8(data.length - 1) ^ 1, data.length - 1)],
])('takes nothing in which %s was changed', async (_, change) => {
  const codec = having(OURS);
  const sealed = changed(await only(codec.encode([PLAIN])), change);
  await expect(codec.decode([sealed])).rejects.toThrow(/was damaged or changed there\. It is not used/);
});

it('takes nothing that was cut short', async () => {
  const codec = having(OURS);
  const sealed = await only(codec.encode([PLAIN]));
  for (const length of [0, 5, 12, 27])
    await expect(codec.decode([{ ...sealed, data: sealed.data?.subarray(0, length) ?? null }])).rejects.toThrow(
      WrongSettings,
    );
});

it.each([
  ['WORKSHOP_PAYLOAD_KEY', 'correct horse battery staple'],
  ['WORKSHOP_PAYLOAD_KEY', randomBytes(16).toString('base64')],
  ['WORKSHOP_PAYLOAD_KEY', randomBytes(32).toString('hex')],
  ['WORKSHOP_PAYLOAD_OLD_KEYS', `${OURS},nonsense`],
])('%s=%s is refused with what one looks like, and never repeated', (name, value) => {
  const refused = () => PayloadEncryption.from({ [name]: value });
  expect(refused).toThrow(WrongSettings);
  expect(refused).toThrow(new RegExp(`^${name} is not a key: .*openssl rand -base64 32`));
  expect(refused).not.toThrow(value);
});
