import { expect, test } from 'vitest';
import { downloadSaid, readServerDownload } from '../../../../src/domain/replayed/canary/vscode-server.ts';

const printed = (...checks: readonly object[]) => ({
  stdout: `welcome\n${JSON.stringify({ v: 1, command: 'claude-vscode-check', ok: true, checks })}\n`,
});
const line = (state: string, said = 'because') => ({ id: 'download', state, said, next: '' });

test.each([
  [printed(line('ok', 'from here')), { reached: true, said: 'from here' }],
  [printed({ id: 'libc', state: 'ok', said: 'glibc' }, line('warning')), { reached: false, said: 'because' }],
  // Not looked at is not the same as out of reach.
  [printed(line('skipped')), undefined],
  [printed({ id: 'libc', state: 'ok', said: 'an older one' }), undefined],
  [{ stdout: 'bash: claude-vscode-check: command not found' }, undefined],
])('what a cluster says of the download: %o', (said, read) => {
  expect(readServerDownload(said)).toEqual(read);
});

test('what follows from it is said', () => {
  expect(downloadSaid({ reached: false, said: 'x does not answer' })).toMatch(
    /cannot be downloaded there \(x does not answer\).*laptops fetch it/,
  );
  expect(downloadSaid({ reached: true, said: 'y' })).toBe("VS Code's server can be downloaded there");
});
