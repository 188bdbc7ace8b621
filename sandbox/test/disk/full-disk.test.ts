import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openHome } from '../../src/home.ts';
import { decideSettings } from '../../src/settings.ts';
import { Bodies } from '../../src/state/bodies.ts';
import { JournalFile } from '../../src/state/journal-file.ts';
import { Journal } from '../../src/state/journal.ts';
import { Clock } from '../../src/time/clock.ts';
import { Workspace } from '../../src/workspace.ts';

test.skipIf(process.platform !== 'linux')(
  'what happens by itself goes on when it cannot be written down, and nothing can be changed any more',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-full-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const clock = new Clock(() => 1_800_000_000_000);
    const workspace = new Workspace({
      ...decideSettings({ people: ['ann@example.com'] }),
      now: () => clock.now(),
      home: openHome(folder),
      firstSeed: Buffer.alloc(16),
    });
    const journal = new Journal(workspace, clock);
    journal.keepIn({ file: JournalFile.goOn('/dev/full', 0), bodies: new Bodies(folder) });
    const heard: unknown[] = [];
    workspace.outcomes.on('test', (key) => heard.push(key));
    workspace.outcomes.report({ kind: 'test', key: 'one', data: null }, clock.now());
    expect(workspace.outcomes.see('what lay there', () => 'nothing')).toBe('nothing');
    workspace.outcomes.report({ kind: 'test', key: 'two', data: null }, clock.now());
    expect(heard).toEqual(['one', 'two']);
    expect(() => journal.act({ act: 'mint-token', userName: 'ann@example.com' })).toThrow(/Make room on its disk/);
  },
);
