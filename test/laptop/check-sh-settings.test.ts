import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lacking, readyLaptop } from './fake-laptop.ts';
import { workspaceOfAnn } from './workspace-of-ann.ts';

describe.skipIf(lacking !== undefined)(
  `laptop/check.sh, --fix${lacking === undefined ? '' : ` (skipped: ${lacking})`}`,
  () => {
    const fixed = async (settings: string | undefined, ssh?: string) => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      if (settings !== undefined) laptop.put(laptop.file.settings, settings);
      if (ssh !== undefined) laptop.put(laptop.file.ssh, ssh);
      const before = await laptop.check(made.url);
      expect(before.evidence.checks.settings).toBe('failed');
      expect(before.stdout).toMatch(/Type: sh \S+check\.sh .* --fix/);
      const { evidence } = await laptop.check(made.url, ['--fix']);
      const once = [laptop.read(laptop.file.settings), laptop.read(laptop.file.ssh)];
      // Nothing is written a second time.
      await laptop.check(made.url, ['--fix']);
      expect([laptop.read(laptop.file.settings), laptop.read(laptop.file.ssh)]).toEqual(once);
      return { settings: once[0] ?? '', ssh: once[1] ?? '', checked: evidence.checks.settings, laptop };
    };

    it('makes what is not there, for nobody else to read', async () => {
      const { settings, ssh, checked, laptop } = await fixed(undefined);
      expect(JSON.parse(settings)).toEqual({ 'remote.SSH.connectTimeout': 360 });
      expect(ssh).toMatch(/^Host workshop-spring-apps\n +ServerAliveInterval 30$/m);
      expect(statSync(laptop.file.ssh).mode & 0o077).toBe(0);
      expect(checked).toBe('passed');
    });

    it.each([
      ['{"editor.fontSize": 14}', { 'editor.fontSize': 14, 'remote.SSH.connectTimeout': 360 }],
      ['{\n}\n', { 'remote.SSH.connectTimeout': 360 }],
      ['{ "remote.SSH.connectTimeout" : 15, "a": {"b": 1} }', { 'remote.SSH.connectTimeout': 360, a: { b: 1 } }],
      ['{"a": {"b": "{"}}', { a: { b: '{' }, 'remote.SSH.connectTimeout': 360 }],
    ])('keeps the settings that there are: %s', async (before, after) => {
      const { settings, checked, laptop } = await fixed(before);
      expect(JSON.parse(settings)).toEqual(after);
      expect(laptop.read(`${laptop.file.settings}.before-workshop`)).toBe(before);
      expect(checked).toBe('passed');
    });

    it('keeps comments, and takes none for a setting', async () => {
      const before = '// mine { really\n{\n  // "remote.SSH.connectTimeout": 400\n  "a": 1\n}\n';
      const { settings, checked } = await fixed(before);
      expect(settings).toBe(before.replace('{\n  //', '{\n    "remote.SSH.connectTimeout": 360,\n  //'));
      expect(checked).toBe('passed');
    });

    it('changes nothing that it does not understand, and says so', async () => {
      const { settings, checked } = await fixed('[1, 2]\n');
      expect(settings).toBe('[1, 2]\n');
      expect(checked).toBe('failed');
    });

    it('adds to an ssh config that has no line end, and leaves what others chose', async () => {
      const { ssh } = await fixed('{}', 'Host other\n    Port 2222');
      expect(ssh).toMatch(/^Host other\n {4}Port 2222\n/);
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      laptop.put(laptop.file.ssh, 'Host *\n  ServerAliveInterval 60\n');
      await laptop.check(made.url, ['--fix']);
      expect(laptop.read(laptop.file.ssh)).toBe('Host *\n  ServerAliveInterval 60\n');
    });
  },
);
