import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What begins a workflow that has no parent to inherit its share from. */
const BEGINS = /\bworkflow\.(?:start|execute|signalWithStart)\(|schedule\.create\(|new WithStartWorkflow/g;

test('each workflow that is begun from outside of one is begun with the share of its workshop', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter((file) => !file.startsWith('src/workflows/'));
  const begins = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const count = text.match(BEGINS)?.length ?? 0;
    return count === 0 ? [] : [{ file, count, shares: text.match(/\.\.\.fairShare\(/g)?.length ?? 0 }];
  });
  expect(begins.length).toBeGreaterThan(6);
  expect(begins.filter(({ count, shares }) => count !== shares)).toEqual([]);
});
