import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { freeze, isFrozen, notAsFrozen } from './stage/frozen-histories.ts';
import { HISTORIES } from './stage/recorded.ts';

test('histories of released versions are as they were frozen', () => {
  expect(notAsFrozen(HISTORIES)).toEqual([]);
});

test('a released version has frozen histories', () => {
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const isReleased = version !== '0.1.0';
  expect(isFrozen(HISTORIES, version), 'node test/workflows/stage/freeze-histories.ts').toBe(isReleased);
});

test('one that was changed, one that is gone and one that was slipped in are noticed', () => {
  const histories = scratchFolder();
  const write = (file: string, text: string) => writeFileSync(join(histories, file), text);
  mkdirSync(join(histories, 'workshop'));
  for (const n of [1, 2]) write(`workshop/${n}.json`, `{"n":${n}}`);
  expect(freeze(histories, '0.2.0')).toBe(2);
  write('workshop/1.json', '{"recorded":"anew"}');
  expect(notAsFrozen(histories)).toEqual([]);
  expect(() => freeze(histories, '0.2.0')).toThrow('frozen already');
  expect(freeze(histories, '0.3.0')).toBe(2);

  write('frozen/0.2.0/workshop/1.json', '{}');
  rmSync(join(histories, 'frozen/0.2.0/workshop/2.json'));
  write('frozen/0.3.0/workshop/3.json', '{}');
  expect(notAsFrozen(histories)).toEqual([
    'frozen/0.2.0/workshop/1.json is not as it was frozen',
    'frozen/0.2.0/workshop/2.json is gone',
    'frozen/0.3.0/workshop/3.json is not in frozen.sha256',
  ]);
});
