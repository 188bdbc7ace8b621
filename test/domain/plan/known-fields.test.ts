import { describe, expect, test } from 'vitest';
import { exampleText, exampleWith, lineWith } from './example-plan.ts';
import { only } from './refused-plan.ts';

describe('unknown fields', () => {
  test.each([
    ['margn: 3', 'length: 4h', 'did you mean compute.pool.margin?'],
    ['timezone: x', 'length: 4h', 'did you mean timeZone?'],
    ['margin: 3', 'length: 4h', 'did you mean compute.pool.margin?'],
    ['end: 2027-03-16T13:00', 'length: 4h', 'length: 4h'],
    ['xyzzy: 1', 'length: 4h', 'workshop.example.yaml'],
    [
      '  auto_termination_minutes: 60',
      '  policy: claude-code-workshop',
      'did you mean compute.autoTerminationMinutes?',
    ],
  ])('%s', (extra, after, hint) => {
    const text = exampleWith([after, `${after}\n${extra}`]);
    const problem = only(text);
    expect(problem.line).toBe(lineWith(text, extra));
    expect(problem.message).toContain(hint);
  });

  test('__proto__ is one of them', () => {
    expect(only(`${exampleText}\n__proto__: { id: x }\n`)).toMatchObject({
      field: '__proto__',
      message: 'is not a field of a plan: take it away, or see workshop.example.yaml',
    });
  });

  test.each(['constructor', 'toString', 'hasOwnProperty'])('and so is %s', (name) => {
    expect(only(`${exampleText}\n${name}: 1\n`)).toMatchObject({
      field: name,
      message: expect.stringMatching(/^is not a field of a plan: (take it away|did you mean)/) as string,
    });
  });
});
