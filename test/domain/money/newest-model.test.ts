import { expect, test } from 'vitest';
import { newestModel } from '../../../src/domain/money/newest-model.ts';

const END = Date.parse('2026-12-08T12:00Z');
const chosen = (...listed: readonly string[]) => newestModel(listed, END)?.model;

test.each([
  [['databricks-claude-sonnet-4-6', 'databricks-claude-opus-4-8'], 'databricks-claude-sonnet-4-6'],
  [
    ['databricks-claude-opus-5', 'databricks-claude-sonnet-5', 'databricks-claude-fable-5'],
    'databricks-claude-sonnet-5',
  ],
  [['databricks-claude-sonnet-4-10', 'databricks-claude-sonnet-4-9'], 'databricks-claude-sonnet-4-10'],
  [['databricks-claude-3-7-sonnet', 'databricks-claude-opus-4-1'], 'databricks-claude-opus-4-1'],
  // A small one talks only where there is no other.
  [['databricks-claude-haiku-5', 'databricks-claude-sonnet-4-6'], 'databricks-claude-sonnet-4-6'],
  [['databricks-claude-sonnet-4-6', 'databricks-claude-opus-5'], 'databricks-claude-opus-5'],
  [['databricks-claude-haiku-4-5'], 'databricks-claude-haiku-4-5'],
  // Whether these are new nobody can tell.
  [['our-claude', 'claude-for-finance'], undefined],
  [['databricks-meta-llama-3-3-70b-instruct'], undefined],
  [[], undefined],
])('of %j', (listed, model) => {
  expect(chosen(...listed)).toBe(model);
});

test('one that is retired before the end is passed over, and it is said', () => {
  const listed = ['databricks-claude-sonnet-4-5', 'databricks-claude-opus-4-1', 'databricks-claude-sonnet-4'];
  expect(newestModel(listed, END)).toEqual({
    model: 'databricks-claude-opus-4-1',
    why: expect.stringContaining(
      'passed over: databricks-claude-sonnet-4-5 (retired on 2026-11-30), databricks-claude-sonnet-4 (retired). ' +
        'To choose yourself, write one of them: databricks-claude-opus-4-1.',
    ) as string,
  });
  expect(newestModel(listed, Date.parse('2026-11-29T12:00Z'))?.model).toBe('databricks-claude-sonnet-4-5');
  expect(newestModel(['databricks-claude-sonnet-4-5'], END)).toBeUndefined();
});
