import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { base64 } from '../../../../src/domain/replayed/made/base64.ts';
import {
  ALLOWED_BY_DEFAULT,
  carriedSettings,
  claudeSettings,
  endpointsOf,
  mostOutputTokens,
  settingsInWords,
} from '../../../../src/domain/replayed/made/claude-settings.ts';
import { clusterSpec } from '../../../../src/domain/replayed/made/cluster-spec.ts';
import type { Plan } from '../../../../src/domain/plan/plan.ts';
import { examplePlan } from '../../plan/example-plan.ts';

const example = examplePlan();
const planWith = (claudeCode: Partial<Plan['claudeCode']>): Plan => ({
  ...example,
  claudeCode: { ...example.claudeCode, ...claudeCode },
});
const environmentOf = (plan: Plan) => claudeSettings(plan)['env'] as Record<string, string>;

test('a cluster without settings of its own gets those of a plan that says nothing', () => {
  const file = join(import.meta.dirname, '../../../../init-scripts/lib/claude-settings.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(claudeSettings(example));
});

test('a plan from before claudeCode has the same settings', () => {
  const { claudeCode: _, ...before } = example;
  expect(claudeSettings(before)).toEqual(claudeSettings(example));
});

test('what is capped is what is counted with, and never less than Claude Code can work with', () => {
  expect(environmentOf(example)).toMatchObject({ CLAUDE_CODE_MAX_OUTPUT_TOKENS: '32000' });
  expect(environmentOf(planWith({ maxOutputTokens: 8_000 }))).toMatchObject({ CLAUDE_CODE_MAX_OUTPUT_TOKENS: '8000' });
  const { serving } = example;
  const greedy = { ...example, serving: { ...serving, demand: { ...serving.demand, maxTokens: 500 } } };
  expect(mostOutputTokens(greedy)).toBe(2_000);
});

test('small tasks ask their own endpoint, and everything else the one of the plan', () => {
  const plan = planWith({ smallModel: 'databricks-claude-haiku-4-5' });
  const models = Object.entries(environmentOf(plan)).filter(([name]) => /^ANTHROPIC_.*MODEL$/.test(name));
  expect(models).toHaveLength(5);
  for (const [name, model] of models)
    expect(model, name).toBe(name.includes('HAIKU') ? 'databricks-claude-haiku-4-5' : 'databricks-claude-sonnet-4-6');
  expect(endpointsOf(plan)).toEqual(['databricks-claude-sonnet-4-6', 'databricks-claude-haiku-4-5']);
  expect(endpointsOf(planWith({ smallModel: 'databricks-claude-sonnet-4-6' }))).toHaveLength(1);
});

test('headers are separated by a newline, and each address has its own', () => {
  const headers = { 'x-team': 'spring', 'x-room': 'four' };
  expect(environmentOf(planWith({ headers }))['ANTHROPIC_CUSTOM_HEADERS']).toBe(
    'x-databricks-disable-beta-headers: true\nx-team: spring\nx-room: four',
  );
  const plan = planWith({ gateway: 'ai-gateway', headers });
  expect(environmentOf(plan)['ANTHROPIC_CUSTOM_HEADERS']).toBe(
    'x-databricks-use-coding-agent-mode: true\nx-team: spring\nx-room: four',
  );
});

test('root is asked, unless the plan says otherwise', () => {
  expect(claudeSettings(example)).toMatchObject({
    permissions: { allow: ALLOWED_BY_DEFAULT, deny: ['WebSearch'], defaultMode: 'default', disableAutoMode: 'disable' },
  });
  expect(JSON.stringify(claudeSettings(example))).not.toMatch(/IS_SANDBOX|skipDangerous/);
  expect(claudeSettings(planWith({ withoutQuestions: true, allow: [] }))).toMatchObject({
    env: { IS_SANDBOX: '1' },
    permissions: { allow: [] },
    skipDangerousModePermissionPrompt: true,
  });
});

test('they travel as one variable that begins with the environment', () => {
  const text = Buffer.from(carriedSettings(example), 'base64').toString();
  expect(JSON.parse(text)).toEqual(claudeSettings(example));
  expect(text.slice(0, 13)).toBe('{\n  "env": {\n');
  expect(carriedSettings(example)).toMatch(/^[A-Za-z0-9+/=]+$/);
});

test('the address is told where it is not the usual one', () => {
  const asked = (plan: Plan) =>
    clusterSpec({
      plan,
      runId: 'r',
      key: 'k',
      generation: 1,
      singleUserName: 'a@b.c',
      policyId: 'p',
      scriptPath: '/s',
      logsPath: '/l',
    }).spark_env_vars['WORKSHOP_GATEWAY'];
  expect(asked(example)).toBeUndefined();
  expect(asked(planWith({ gateway: 'ai-gateway' }))).toBe('ai-gateway');
});

test.each(['', 'a', 'ab', 'abc', 'abcd', 'Größe → 4', '%41"\n'])('base64 of %j', (text) => {
  expect(base64(text)).toBe(Buffer.from(text).toString('base64'));
});

test('in words: what is reserved and by which field, and who is asked', () => {
  const words = (plan: Plan) => settingsInWords(plan).join('\n');
  expect(words(example)).toContain('32,000 output tokens (serving.demand.maxTokens)');
  expect(words(example)).toContain('databricks-claude-sonnet-4-6 for everything, small tasks too');
  expect(words(example)).toContain('--dangerously-skip-permissions is refused');
  const other = words(
    planWith({ maxOutputTokens: 9_000, smallModel: 'little', gateway: 'ai-gateway', headers: { 'x-a': 'b' } }),
  );
  expect(other).toContain('9,000 output tokens (claudeCode.maxOutputTokens)');
  expect(other).toContain('and little for small tasks\nasked at /ai-gateway/anthropic, with the headers x-a besides');
});
