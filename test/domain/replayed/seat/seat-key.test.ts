import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { seatKey } from '../../../../src/domain/replayed/seat/seat-key.ts';

const RUN = '2f1c9b6e-0000-4000-8000-000000000001';

test('is an HMAC under the run id, as Node computes it', () => {
  expect(seatKey(RUN, 'ann@example.com')).toBe(
    createHmac('sha256', RUN).update('ann@example.com').digest('hex').slice(0, 16),
  );
});

test('is the same however an address is written, and another for another person or run', () => {
  expect(seatKey(RUN, ' Ann@Example.com ')).toBe(seatKey(RUN, 'ann@example.com'));
  expect(seatKey(RUN, 'ben@example.com')).not.toBe(seatKey(RUN, 'ann@example.com'));
  expect(seatKey('another run', 'ann@example.com')).not.toBe(seatKey(RUN, 'ann@example.com'));
});

test('says nothing of the address', () => {
  expect(seatKey(RUN, 'ann@example.com')).toMatch(/^[0-9a-f]{16}$/);
});
