import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import protobuf from 'protobufjs/light.js';
import { WrongSettings } from '../client-errors.ts';
import { WORKFLOW_SERVICE_SCHEMA } from '../workflow-service-schema.ts';

/** The key that everything is encrypted with: 32 random bytes in base64. Without it nothing is encrypted. */
export const PAYLOAD_KEY = 'WORKSHOP_PAYLOAD_KEY';
/** Keys of before, separated by commas or spaces: what was encrypted with one of them is still read. */
export const PAYLOAD_OLD_KEYS = 'WORKSHOP_PAYLOAD_OLD_KEYS';

/** As in Temporal's own samples: what reads their payloads, reads ours. */
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** 96 bits, drawn anew for every payload. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const wire = protobuf.Root.fromJSON({
  nested: { Payload: WORKFLOW_SERVICE_SCHEMA.Payload } as object as protobuf.INamespace['nested'] & object,
}).lookupType('Payload');

interface Key {
  /** Tells keys apart, and nothing about them. */
  readonly id: string;
  readonly bytes: Buffer;
}

/**
 * Encrypts what Temporal is given to keep, and reads it again: inputs, results, memos, details and, with the failure
 * converter of the workflows, failure texts. The plaintext is the whole payload as Temporal's protobuf has it; beside
 * the ciphertext stands the key's id alone. Search attributes, ids, names and times are never encrypted, and a payload
 * that is not, is read as it is, so that a key can be set while a workshop runs.
 */
export class PayloadEncryption implements PayloadCodec {
  readonly #key: Key | undefined;
  readonly #keys: ReadonlyMap<string, Key>;

  private constructor(key: Key | undefined, old: readonly Key[]) {
    this.#key = key;
    this.#keys = new Map([...old, ...(key ? [key] : [])].map((known) => [known.id, known]));
  }

  /**
   * @param env PAYLOAD_KEY and PAYLOAD_OLD_KEYS; empty is like not set.
   * @throws {WrongSettings} when one of them is not a key; never with the key itself.
   */
  static from(env: NodeJS.ProcessEnv): PayloadEncryption {
    const key = env[PAYLOAD_KEY]?.trim();
    const old = (env[PAYLOAD_OLD_KEYS] ?? '').split(/[\s,]+/).filter((part) => part !== '');
    return new PayloadEncryption(
      key ? keyOf(key, PAYLOAD_KEY) : undefined,
      old.map((part) => keyOf(part, PAYLOAD_OLD_KEYS)),
    );
  }

  /** Whether what is written from now on is encrypted. */
  get encrypts(): boolean {
    return this.#key !== undefined;
  }

  /** Whether anything that was encrypted can be read. */
  get decrypts(): boolean {
    return this.#keys.size > 0;
  }

  /** A secret of whoever has the key, for one purpose; it tells nothing about the key. undefined without one. */
  secretFor(purpose: string): string | undefined {
    return this.#key && hmacOf(this.#key.bytes, purpose).slice(0, 32);
  }

  /** The same of every key, the old ones too: for what was made with one of them. */
  secretsFor(purpose: string): string[] {
    return [...this.#keys.values()].map(({ bytes }) => hmacOf(bytes, purpose).slice(0, 32));
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const key = this.#key;
    return key === undefined ? payloads : payloads.map((payload) => encrypted(payload, key));
  }

  /** @throws {WrongSettings} when a key is missing, or the payload is not what was encrypted with it. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload.metadata?.['encoding']) === ENCRYPTED ? this.#decrypted(payload) : payload,
    );
  }

  #decrypted({ metadata, data }: Payload): Payload {
    const id = textOf(metadata?.[KEY_ID]);
    const key = this.#keys.get(id);
    if (key === undefined) throw new WrongSettings(this.#missing(id));
    const bytes = Buffer.from(data ?? []);
    try {
      const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const plain = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
      return wire.toObject(wire.decode(Buffer.concat(plain)), { defaults: true });
    } catch {
      throw new WrongSettings(
        `A payload on the Temporal server says that it was encrypted with the key ${id}, and cannot be read with it: ` +
          'it was damaged or changed there. It is not used; look at who can write to that server and its database.',
      );
    }
  }

  #missing(id: string): string {
    const what = `What is asked for is encrypted on the Temporal server with the key ${id}`;
    return this.decrypts
      ? `${what}, and only ${[...this.#keys.keys()].join(', ')} can be had here (${PAYLOAD_KEY}, ` +
          `${PAYLOAD_OLD_KEYS}): it cannot be read. Add that key to ${PAYLOAD_OLD_KEYS}.`
      : `${what}, and ${PAYLOAD_KEY} is not set here: it cannot be read. Set it to the key that the worker has, ` +
          'as in deploy/worker.env.';
  }
}

function keyOf(text: string, variable: string): Key {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text)
    throw new WrongSettings(
      `${variable} is not a key: one is ${KEY_BYTES} random bytes in base64, 44 characters, as ` +
        '"openssl rand -base64 32" prints them. Nothing was read or written.',
    );
  return { bytes, id: hmacOf(bytes, 'id of a payload key').slice(0, 16) };
}

const hmacOf = (key: Buffer, purpose: string): string => createHmac('sha256', key).update(purpose).digest('hex');

function encrypted(payload: Payload, key: Key): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES });
  const sealed = [cipher.update(wire.encode(payload).finish()), cipher.final()];
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(key.id) },
    data: Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]),
  };
}

const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();
