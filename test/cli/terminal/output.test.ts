import { expect, test } from 'vitest';
import { betweenWords } from '../../../src/cli/terminal/output.ts';

test('prose is broken between words, and a line with a command stays as it is to be copied', () => {
  const command = '  Type: bin/workshop retry spring-apps clusters, which tries everybody again';
  expect(betweenWords(`This computer is busy with other things.\n${command}`, 30)).toBe(
    `This computer is busy with\n  other things.\n${command}`,
  );
  expect(betweenWords('short', 30)).toBe('short');
});
