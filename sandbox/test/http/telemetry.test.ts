import { expect, test } from 'vitest';
import { clientOf, openSandbox } from '../harness.ts';

test('telemetry is counted and thrown away', async () => {
  const { admin, sandbox } = await openSandbox();
  const answer = await admin('POST', '/telemetry-ext', { uploadTime: 1, items: [], protoLogs: ['{}', '{}'] });
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ errors: [], numProtoSuccess: 2 });
  const nobody = clientOf(sandbox, undefined);
  expect((await nobody('POST', '/telemetry-ext', { protoLogs: ['{}'] })).status).toBe(401);
  expect((await nobody('POST', '/telemetry-unauth', { protoLogs: ['{}'] })).json).toEqual({
    errors: [],
    numProtoSuccess: 1,
  });
  expect((await admin('POST', '/telemetry-ext', { protoLogs: 'x' })).json.error_code).toBe('MALFORMED_REQUEST');
});
