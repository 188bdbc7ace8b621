import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isInstalled } from '../../set-up/installed.mjs';
import { scratchFolder } from '../scratch.ts';

interface LockFile {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string>; resolved?: string }>;
}

const wanted = {
  '': { name: 'project' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/for-macs': { version: '1.0.0', integrity: 'sha512-m', optional: true },
};
const present = { 'node_modules/a': wanted['node_modules/a'] };

function project(lock: object | undefined, hidden: object | undefined): string {
  const root = scratchFolder();
  mkdirSync(join(root, 'node_modules'));
  if (lock) writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
  if (hidden) writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: hidden }));
  return root;
}

it('is content with what the lock file asks for, without the binaries of other platforms', () => {
  expect(isInstalled(project(wanted, present))).toBe(true);
});

it.each([
  ['nothing is installed', undefined],
  ['a package is missing', {}],
  ['a package has another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
  ['a package has other contents', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-b' } }],
])('is not when %s', (_what, hidden) => {
  expect(isInstalled(project(wanted, hidden))).toBe(false);
});

it('says how to get a lost lock file back', () => {
  expect(() => isInstalled(project(undefined, present))).toThrow('git checkout package-lock.json');
});

/**
 * npm ci refuses a lock file that lacks an optional package of any platform. npm install writes such a file without a
 * word when its registry does not have the newest of them yet; then pick the version before (overrides, package.json).
 */
it("has every platform's packages in the lock file, and no registry's address", () => {
  const { packages } = JSON.parse(
    readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
  ) as LockFile;
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
    ),
  );
  expect(missing).toEqual([]);
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
