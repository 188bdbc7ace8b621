import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectWorkspace } from '../../src/databricks/workspace.ts';
import { readAreas } from './area.ts';

const curl = readAreas(join(import.meta.dirname, 'curl')).flatMap((area) => area.cases);

/** Every call the product can make, such as `clusters.create`. */
function productCalls(): string[] {
  const workspace = connectWorkspace({ host: 'http://127.0.0.1:1', token: 'unused', env: {} });
  return Object.entries(workspace).flatMap(([name, part]) =>
    typeof part === 'object' && part !== null ? Object.keys(part).map((call) => `${name}.${call}`) : [],
  );
}

test('every call that the product makes is tried over plain HTTP', () => {
  const calls = productCalls();
  expect(calls).toContain('clusters.create');
  expect(calls.filter((call) => !curl.some((one) => one.product === call))).toEqual([]);
});

test('no case claims a call that the product does not make', () => {
  const calls = productCalls();
  expect(curl.map((one) => one.product).filter((call) => call !== undefined && !calls.includes(call))).toEqual([]);
});
