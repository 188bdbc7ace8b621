import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTemporal } from '../../../src/cli/downloads/temporal-binary.ts';
import { scratchFolder, script } from '../../scratch.ts';

const RECENT = 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"';
const OLD = 'echo "temporal version 0.9.0 (Server 1.20.0, UI 2.10.0)"';
/** Nothing listens on the discard port: the SDK's download fails at once, with or without a network. */
const OFFLINE = { HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' };

function bareMachine() {
  const folder = scratchFolder();
  const bin = join(folder, 'bin');
  const cached = join(folder, 'cache', 'databricks-workshop', 'temporal', 'temporal');
  const lines: string[] = [];
  const env = { ...OFFLINE, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), PATH: `${bin}:/usr/bin:/bin` };
  return { bin, cached, lines, find: () => findTemporal({ env, report: (line) => lines.push(line) }) };
}

describe('finding the Temporal server', () => {
  it('takes the one on the PATH first', async () => {
    const { bin, cached, find } = bareMachine();
    const path = script(join(bin, 'temporal'), RECENT);
    script(cached, RECENT);
    expect(await find()).toEqual({ path, source: 'path' });
  });

  it('passes by one that is too old or broken, and takes the cache', async () => {
    for (const body of [OLD, 'exit 3', 'echo tctl']) {
      const { bin, cached, find } = bareMachine();
      script(join(bin, 'temporal'), body);
      script(cached, RECENT);
      expect(await find()).toEqual({ path: cached, source: 'cache' });
    }
  });

  it('builds it with Go when the download fails, once for all who ask, and leaves nothing else behind', async () => {
    const { bin, cached, lines, find } = bareMachine();
    const log = join(bin, 'calls');
    const ready = script(join(bin, 'built'), RECENT);
    script(join(bin, 'go'), `echo "$@" >> '${log}'\nsleep 1\ncp '${ready}' "$GOBIN/temporal"`);
    const found = await Promise.all([find(), find()]);
    expect(found.map(({ path }) => path)).toEqual([cached, cached]);
    expect(found.map(({ source }) => source).toSorted()).toEqual(['cache', 'go install']);
    expect(readdirSync(join(cached, '..'))).toEqual(['temporal']);
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
      expect.stringMatching(/^install github\.com\/temporalio\/cli\/cmd\/temporal@v/),
    ]);
    expect(lines.some((line) => line.includes('Building the Temporal server with Go'))).toBe(true);
    expect(lines.some((line) => line.includes('waiting for it to finish'))).toBe(true);
  });

  it('says in one message what was tried and what to install', async () => {
    const { bin, cached, find } = bareMachine();
    script(join(bin, 'go'), 'echo "go: proxy is not reachable" >&2; exit 1');
    const error = await find().then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).toContain('there is none');
    expect(error?.message).toContain('download: ');
    expect(error?.message).toContain('go install: go: proxy is not reachable');
    expect(error?.message).toContain('TEMPORAL_ADDRESS');
    expect(existsSync(cached)).toBe(false);
  });
});
