import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { confirm } from '../../../src/cli/terminal/confirm.ts';
import { codeOf } from '../../../src/cli/input/exit.ts';

/** Asks at a terminal where somebody types this, and gives the exit code that follows; 0 for a yes. */
async function codeAfter(typed: string): Promise<number> {
  const tty = () => Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const input = tty();
  const asked = confirm('Remove it?', undefined, { input, output: tty() });
  setImmediate(() => input.write(typed));
  return asked.then(() => 0, codeOf);
}

it.each([
  ['yes', 'yes\r', 0],
  ['no', 'no\r', 2],
  ['Ctrl-C', '\x03', 130],
  ['Ctrl-D', '\x04', 2],
])('%s at the question', async (_, typed, code) => {
  expect(await codeAfter(typed)).toBe(code);
});

it('needs --yes where nobody can type', async () => {
  const mute = new PassThrough();
  await expect(confirm('Remove it?', undefined, { input: mute, output: mute })).rejects.toThrow('add --yes');
  await expect(confirm('Remove it?', true, { input: mute, output: mute })).resolves.toBeUndefined();
});
