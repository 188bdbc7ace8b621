import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstRequest } from '../../../src/domain/money/first-request.ts';
import { INIT_SCRIPTS } from '../workshop-node.ts';

const NAMES =
  '3-7-sonnet sonnet-4 sonnet-4-5 haiku-4-5 opus-4-1 opus-4-5 sonnet-4-6 opus-4-6 opus-4-7 opus-4-8 sonnet-5 fable-5';

test.each(NAMES.split(' '))('the node asks claude-%s the same as the worker', (name) => {
  const model = `databricks-claude-${name}`;
  const said = execFileSync('bash', [
    '-c',
    `. "$0"; first_question "$1"; printf '%s\\n' "$question_betas" "$question"`,
    join(INIT_SCRIPTS, 'lib', 'check', 'first-question.sh'),
    model,
  ]).toString();
  const end = said.indexOf('\n');
  const { headers, body } = firstRequest({ serving: { model } });
  expect(said.slice(0, end)).toBe(headers['anthropic-beta']);
  expect(JSON.parse(said.slice(end))).toEqual(body);
});
