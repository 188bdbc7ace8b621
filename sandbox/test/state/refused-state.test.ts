import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox, StateRefused } from '../../src/sandbox.ts';
import type { SandboxOptions } from '../../src/sandbox.ts';
import { readSnapshot, writeSnapshot } from '../../src/state/snapshot-file.ts';
import type { Snapshot } from '../../src/state/snapshot-file.ts';
import { ANN, createCluster, openSandbox } from '../harness.ts';
import { newFolder } from './restart.ts';

/** Changes the first line of a snapshot. */
const replaced =
  (from: string | RegExp, to: string) =>
  (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');

describe('what cannot be gone on with', () => {
  const kept = async () => {
    const state = newFolder();
    const world = await openSandbox({ state, speed: 2 });
    await createCluster(world.admin);
    await createCluster(world.admin);
    return { ...world, state, snapshot: join(state, 'snapshot') };
  };
  const refusal = async (options: SandboxOptions): Promise<string> => {
    const error: unknown = await startSandbox(options).then(
      (sandbox) => sandbox.close(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StateRefused);
    return (error as StateRefused).message;
  };

  test('two sandboxes on one folder', async () => {
    const { state, sandbox } = await kept();
    expect(await refusal({ state })).toContain(
      `Another sandbox is running on the state in ${state} (process ${process.pid})`,
    );
    await sandbox.close();
    const again = await openSandbox({ state });
    expect(again.sandbox.remarks).toEqual([]);
  });

  test('a lock whose process is gone is taken over, that of another computer is not', async () => {
    const { state, sandbox } = await kept();
    await sandbox.close();
    const lock = join(state, 'lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: 'elsewhere', birth: '' }));
    expect(await refusal({ state })).toContain(`delete ${lock}`);
    writeFileSync(lock, '{"pid":');
    const again = await openSandbox({ state });
    expect(again.sandbox.books().clusters).toHaveLength(2);
  });

  test.each([
    [
      'a byte that is another one',
      (bytes: Buffer) => Buffer.from(bytes).fill(0x7f, bytes.length - 20),
      /damaged: .*snapshot is not what/,
    ],
    ['an end that is missing', (bytes: Buffer) => bytes.subarray(0, -20), /damaged: .*snapshot is not what/],
    ['nothing', () => Buffer.alloc(0), /damaged: .*snapshot is not what/],
    ['another format', replaced('"format":4', '"format":5'), /format 5, and this sandbox reads format 4/],
    ['a field that nobody wrote', replaced('"format":4', '"format":4,"x":1'), /damaged: .*snapshot is not what/],
    [
      'settings that no sandbox has',
      replaced(/"speed":\d+/, '"speed":"fast"'),
      /the snapshot in .* settings that no sandbox has/,
    ],
    ['a moment that no clock shows', replaced(/"start":\d+/, '"start":1e300'), /damaged: .*snapshot is not what/],
  ])('%s', async (_, damage, words) => {
    const { state, sandbox, snapshot } = await kept();
    await sandbox.close();
    const damaged = damage(readFileSync(snapshot));
    writeFileSync(snapshot, damaged);
    expect(await refusal({ state })).toMatch(words);
    expect(readFileSync(snapshot).equals(damaged)).toBe(true);
    expect(readdirSync(state)).not.toContain('lock');
  });

  test('what is whole and does not fit', async () => {
    const { state, sandbox, snapshot } = await kept();
    await sandbox.close();
    const { parts, ...about } = readSnapshot(snapshot) ?? { parts: {} };
    writeSnapshot(snapshot, { ...(about as Snapshot), parts: { ...parts, tokens: 7 } });
    expect(await refusal({ state })).toContain('does not fit this version of the sandbox');
    writeSnapshot(snapshot, { ...(about as Snapshot), parts: { tokens: new Map() } });
    expect(await refusal({ state })).toContain('does not fit this version of the sandbox');
  });

  test('settings that contradict those it began with; the same ones and more people are welcome', async () => {
    const { state, sandbox } = await kept();
    await sandbox.close();
    expect(await refusal({ state, speed: 3, seed: 'other' })).toContain(
      'speed is 2 there, and 3 was asked for; seed is "sandbox" there, and "other" was asked for',
    );
    const again = await openSandbox({ state, speed: 2, people: [ANN, 'new@example.com'] });
    expect(again.sandbox.tokenFor('new@example.com')).toMatch(/^dapi/);
    await again.sandbox.close();
    const third = await openSandbox({ state });
    expect(third.sandbox.tokenFor('new@example.com')).toMatch(/^dapi/);
  });

  test('other nodes than it began with', async () => {
    const { state, sandbox, snapshot } = await kept();
    await sandbox.close();
    writeFileSync(snapshot, replaced('"nodes":"simulated"', '"nodes":"real"')(readFileSync(snapshot)));
    expect(await refusal({ state })).toContain('began with other nodes: real there, and simulated now');
  });

  test('a folder that holds something else is left as it is', async () => {
    const state = newFolder();
    mkdirSync(state);
    writeFileSync(join(state, 'thesis.txt'), 'x');
    expect(await refusal({ state })).toContain('no state of a sandbox (thesis.txt)');
    expect(readdirSync(state)).toEqual(['thesis.txt']);
  });
});
