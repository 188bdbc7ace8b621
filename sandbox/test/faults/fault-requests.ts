import { expect } from 'vitest';
import type { FaultInput } from '../../src/sandbox.ts';
import { MINUTE, openSandbox, spec } from '../harness.ts';
import type { Client } from '../harness.ts';

export const CREATE = 'POST /api/2.1/clusters/create';
export const LIST = 'GET /api/2.1/clusters/list';
export const LONG = 60 * MINUTE;

export const open = (...faults: readonly FaultInput[]) => openSandbox({ faults });
export const create = (client: Client, more: Readonly<Record<string, unknown>> = {}) =>
  client('POST', '/api/2.1/clusters/create', spec(more));
export const list = (client: Client, query = '') => client('GET', `/api/2.1/clusters/list${query}`);
/** What a client makes of a connection that ends without an answer. */
export const lost = (answer: Promise<unknown>) => expect(answer).rejects.toThrow('fetch failed');
/** The code of what the system said of it. */
export const causeOf = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    (error: { cause?: { code?: string } }) => error.cause?.code,
  );
