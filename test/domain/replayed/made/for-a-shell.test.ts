import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { asJson, forAShell } from '../../../../src/domain/replayed/made/for-a-shell.ts';

/** What a program gets when somebody pastes the words into a shell. */
const inAShell = (words: string): string =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${words}`], { encoding: 'utf8' }).trimEnd();

test.each(["d'a@example.com", "''", '$HOME `id` "x" \\ !', '; rm -rf /nowhere', "a\nb'"])(
  '%j stays as it is',
  (text) => {
    expect(inAShell(forAShell(text))).toBe(text);
  },
);

test('JSON arrives as the program wrote it', () => {
  const value = { access_control_list: [{ user_name: "d'a@example.com", note: '"$x"' }] };
  const [option, json] = inAShell(asJson(value)).split('\n');
  expect(option).toBe('--json');
  expect(JSON.parse(json ?? '')).toEqual(value);
});
