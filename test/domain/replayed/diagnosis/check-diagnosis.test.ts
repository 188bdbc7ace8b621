import { expect, test } from 'vitest';
import { checkSaid, diagnoseCheck } from '../../../../src/domain/replayed/diagnosis/check-diagnosis.ts';

const line = (id: string, state: 'ok' | 'warning' | 'failed' | 'skipped', said = 'words', next = '') => ({
  id,
  state,
  said,
  next,
});

test('nothing failed, nothing is wrong', () => {
  expect(
    diagnoseCheck({ checks: [line('claude', 'ok'), line('git', 'warning'), line('deep', 'skipped')] }),
  ).toBeUndefined();
});

test('the first failure is told, with what to type, and the others by name', () => {
  const found = diagnoseCheck({
    checks: [
      line('init', 'ok'),
      line('token', 'failed', 'there is none', 'claude-refresh-token'),
      line('endpoint', 'failed'),
      line('disk', 'failed'),
    ],
  });
  expect(found).toEqual({
    class: 'check token',
    cause: 'check-claude on their cluster: token: there is none (and endpoint, disk).',
    toDo: 'There they are told: claude-refresh-token.',
    remedy: 'person',
  });
});

test.each([
  ['claude', 'claude: command not found', 'restart'],
  ['config', 'is no JSON any more', 'restart'],
  ['endpoint', 'HTTP 429: the endpoint is busy', 'again'],
  ['endpoint', 'no answer: timed out', 'again'],
  ['endpoint', 'HTTP 403: you may not query it', 'person'],
  ['endpoint', "HTTP 403: this cluster's network is refused, not your right. It says: IP ACL", 'person'],
  ['disk', '/tmp has 3 MiB left', 'person'],
])('%s (%s): %s', (id, said, remedy) => {
  expect(diagnoseCheck({ checks: [line(id, 'failed', said)] })).toMatchObject({
    remedy,
    toDo: said.startsWith('HTTP 403: you may not')
      ? expect.stringContaining('CAN_QUERY again')
      : 'Look at it on the cluster: check-claude.',
  });
});

test('a check that passed says what was not quite right', () => {
  expect(
    checkSaid({
      ok: true,
      version: '2.1.197',
      checks: [
        line('claude', 'ok'),
        line('host', 'ok'),
        line('token', 'skipped'),
        line('git', 'warning', 'there is no git'),
      ],
    }),
  ).toBe('2 checks passed, Claude Code 2.1.197; not seen: token; git: there is no git');
});
