import { describe, expect, test } from 'vitest';
import { examplePlan, exampleWith } from './example-plan.ts';
import { only } from './refused-plan.ts';

describe('credentials are refused and never repeated', () => {
  const TOKEN = ['da', 'pi0123456789abcdef'].join('');

  test.each([
    ['title: Databricks', `title: ${TOKEN} Databricks`, 'title'],
    ['margin: 10', `margin: ${TOKEN}`, 'compute.pool.margin'],
    ['length: 4h', `length: ${TOKEN}`, 'length'],
    ['# Must fit', `# Bearer ${TOKEN} Must fit`, ''],
    ['length: 4h', `length: 4h\n${TOKEN}: 1`, '(hidden)'],
    ['https://adb', `https://me:${TOKEN}@adb`, 'workspace'],
    ['length: 4h', `length: 4h\npassword: ${TOKEN}`, 'password'],
    ['margin: 10', `margin: 10\n    clientSecret: ${TOKEN}`, 'compute.pool.clientSecret'],
    ['length: 4h', `length: 4h\nDATABRICKS_TOKEN: x`, 'DATABRICKS_TOKEN'],
  ])('%s → %s', (from, to, field) => {
    const problem = only(exampleWith([from, to]));
    expect(problem.field).toBe(field);
    expect(problem.message).toContain('credential');
    expect(JSON.stringify(problem)).not.toContain(TOKEN.slice(4));
  });

  test('fields that count tokens are not meant', () => {
    expect(
      examplePlan([
        '  # tokens:\n  #   perMillionInput: 3\n  #   perMillionOutput: 15',
        '  tokens:\n    perMillionInput: 3\n    perMillionOutput: 15',
      ]).prices.tokens,
    ).toEqual({ perMillionInput: 3, perMillionOutput: 15 });
  });
});
