import { afterAll, expect, test } from 'vitest';
import { play } from '../play.ts';
import { openPythonSdk } from './python-sdk.ts';

const sdk = await openPythonSdk();
await play(import.meta.dirname, sdk);
afterAll(() => {
  if ('close' in sdk) sdk.close();
});

// Elsewhere its cases are skipped by name, as with any other client that is not there.
if (process.env['CI']) {
  test('the Python SDK is there', () => {
    expect('absent' in sdk ? sdk.absent : '').toBe('');
  });
}
