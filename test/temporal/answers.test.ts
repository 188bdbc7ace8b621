import { expect, test } from 'vitest';
import { meaningOfAnswer } from '../../src/temporal/answers.ts';
import { NoAnswer } from '../../src/temporal/client-errors.ts';

const ASKED = { id: 'claude-code', address: 'localhost:7233' };

test.each([
  { code: 4, details: 'Deadline exceeded after 20.0s' },
  // What grpc-js makes of a stream that the server resets at the same deadline.
  { code: 1, details: 'Call cancelled' },
  { code: 9, details: 'no poller seen for task queue recently, worker may be down' },
])('an answer that did not come in time ($code) is a worker that is not there', ({ code, details }) => {
  const meaning = meaningOfAnswer(Object.assign(new Error(details), { code, details }), ASKED);
  expect(meaning).toBeInstanceOf(NoAnswer);
  expect((meaning as NoAnswer).message).toMatch(/^No worker answers for "claude-code" on localhost:7233/);
});
