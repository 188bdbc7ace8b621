import { expect, test } from 'vitest';
import { readPlan } from '../../../../src/domain/plan/plan-file.ts';
import { exampleWith, lineWith } from '../example-plan.ts';

const AFTER = '  withoutQuestions: false';
const readWith = (...lines: readonly string[]) => {
  const text = exampleWith([AFTER, [AFTER, ...lines].join('\n')]);
  return { text, reading: readPlan(text, 'plan.yaml') };
};

test('all of it can be written', () => {
  const { reading } = readWith(
    '  maxOutputTokens: 16000',
    '  smallModel: databricks-claude-haiku-4-5',
    '  headers: {x-team: "spring apps", x-run: 2f1e0d9c-1111-4222-8333-123456789abc}',
    '  allow: [Edit, "Bash(pip install:*)", "WebFetch(domain:docs.databricks.com)"]',
  );
  expect(reading).toMatchObject({
    ok: true,
    plan: {
      claudeCode: {
        maxOutputTokens: 16_000,
        smallModel: 'databricks-claude-haiku-4-5',
        gateway: 'serving-endpoints',
        headers: { 'x-team': 'spring apps', 'x-run': '2f1e0d9c-1111-4222-8333-123456789abc' },
        allow: ['Edit', 'Bash(pip install:*)', 'WebFetch(domain:docs.databricks.com)'],
        withoutQuestions: false,
      },
    },
  });
});

const KEY = 'A1b2C3d4E5f6A1b2C3d4E5f6A1b2C3d4';
test.each([
  ['  maxOutputTokens: 1999', 'claudeCode.maxOutputTokens', 'must be 2000 or more'],
  ['  maxOutputTokens: 200000', 'claudeCode.maxOutputTokens', 'must be 128000 or less'],
  ['  smallModel: a/b', 'claudeCode.smallModel', 'is not an endpoint name'],
  ['  headers: {authorization: x}', 'claudeCode.headers.authorization', 'take it out'],
  ['  headers: {anthropic-beta: x}', 'claudeCode.headers.anthropic-beta', 'is a header that Claude Code sends itself'],
  ['  headers: {x_team: a}', 'claudeCode.headers.x_team', 'is not the name of a header: write it like x-team'],
  ['  headers: {x-team: "a\\nb: c"}', 'claudeCode.headers.x-team', 'must be one line'],
  ['  headers: {x-team: ""}', 'claudeCode.headers.x-team', 'must be one line'],
  [`  headers: {x-team: ${KEY}}`, 'claudeCode.headers.x-team', 'looks like a credential'],
  ['  headers: {x-team: Basic abc}', 'claudeCode.headers.x-team', 'looks like a credential'],
  ['  headers: {x-team: dapi0123456789abcdef}', 'claudeCode.headers.x-team', 'looks like a credential'],
  ['  allow: [Bash]', 'claudeCode.allow[0]', 'allows every command there is'],
  ['  allow: ["Bash(*)"]', 'claudeCode.allow[0]', 'allows every command there is'],
  ['  allow: [Edit, "pip install"]', 'claudeCode.allow[1]', 'is not a rule of Claude Code: write it like'],
])('%s is refused where it is written', (line, field, words) => {
  const { text, reading } = readWith(line);
  if (reading.ok) throw new Error('accepted');
  expect(reading.problems).toHaveLength(1);
  expect(reading.problems[0]).toMatchObject({ field, line: lineWith(text, line) });
  expect(reading.problems[0]?.message).toContain(words);
  expect(JSON.stringify(reading)).not.toMatch(/A1b2C3|dapi0123/);
});

test('fewer tokens than Claude Code can work with are refused where they are counted, too', () => {
  const reading = readPlan(exampleWith(['maxTokens: 32000', 'maxTokens: 900']), 'plan.yaml');
  expect(reading).toMatchObject({ ok: false, problems: [{ field: 'serving.demand.maxTokens' }] });
});
