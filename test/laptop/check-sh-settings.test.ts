import { execFileSync } from 'node:child_process';
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
      const { ssh, laptop } = await fixed('{}', 'Host other\n    Port 2222');
      expect(ssh).toMatch(/\nHost \*\nHost other\n {4}Port 2222$/);
      expect(laptop.read(`${laptop.file.ssh}.before-workshop`)).toBe('Host other\n    Port 2222');
      const made = await workspaceOfAnn();
      const another = readyLaptop(made.url, made.token);
      another.put(another.file.ssh, 'Host *\n  ServerAliveInterval 60\n');
      await another.check(made.url, ['--fix']);
      expect(another.read(another.file.ssh)).toBe('Host *\n  ServerAliveInterval 60\n');
    });

    it.each([
      ['for every host', 'Host *\n  ServerAliveInterval 0\n'],
      ['before every host', '  # mine\n  ServerAliveInterval 900\nHost *\n  Port 2222\n'],
      [
        'of an earlier workshop, behind one for every host',
        'Host *\n  ServerAliveInterval 0\nHost workshop-spring-apps\n',
      ],
    ])('ssh takes the first value, so its own stands before one %s, which stays for others', async (_, before) => {
      const { ssh, checked, laptop } = await fixed('{}', before);
      expect(checked).toBe('passed');
      expect(ssh).toMatch(
        new RegExp(`^# .*\\nHost workshop-spring-apps\\n {4}ServerAliveInterval 30\\n\\nHost \\*\\n`),
      );
      expect(ssh.endsWith(before)).toBe(true);
      const interval = (host: string): string | undefined =>
        /^serveraliveinterval (\d+)$/m.exec(
          execFileSync('ssh', ['-F', laptop.file.ssh, '-G', host], {
            encoding: 'utf8',
            stdio: ['ignore', 'pipe', 'ignore'],
          }),
        )?.[1];
      expect(interval('workshop-spring-apps')).toBe('30');
      expect(interval('elsewhere')).toBe(/ServerAliveInterval (\d+)/.exec(before)?.[1]);
    });

    const ALWAYS = { 'remote.SSH.localServerDownload': 'always' };
    it.each([
      [undefined, { 'remote.SSH.connectTimeout': 360, ...ALWAYS }],
      ['{}', { 'remote.SSH.connectTimeout': 360, ...ALWAYS }],
      // A longer wait that somebody chose stays.
      ['{"remote.SSH.connectTimeout": 600, "a": 1}', { 'remote.SSH.connectTimeout': 600, a: 1, ...ALWAYS }],
      ['{"remote.SSH.localServerDownload" : "off", "a": 1}', { 'remote.SSH.connectTimeout': 360, a: 1, ...ALWAYS }],
    ])('where clusters do not get to the server of VS Code, the laptop fetches it: %s', async (before, after) => {
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      if (before !== undefined) laptop.put(laptop.file.settings, before);
      const missing = await laptop.check(made.url, ['--fetch-server']);
      expect(missing.evidence.checks.settings).toBe('failed');
      expect(missing.stdout).toContain('"remote.SSH.localServerDownload": "always" in the settings of VS Code');
      expect(missing.stdout).toMatch(/Type: sh .* --fetch-server --fix/);
      const first = await laptop.check(made.url, ['--fetch-server', '--fix']);
      expect(first.stdout).toMatch(/written: .*remote\.SSH\.localServerDownload always into /);
      expect(first.evidence.checks.settings).toBe('passed');
      const once = laptop.read(laptop.file.settings);
      expect(JSON.parse(once)).toEqual(after);
      if (before !== undefined) expect(laptop.read(`${laptop.file.settings}.before-workshop`)).toBe(before);
      const second = await laptop.check(made.url, ['--fetch-server', '--fix']);
      expect(second.stdout).not.toContain('written:');
      expect(laptop.read(laptop.file.settings)).toBe(once);
    });

    it('where nobody says that they do not, nothing is set about it', async () => {
      const before = '{"remote.SSH.connectTimeout": 360, "remote.SSH.localServerDownload": "off"}';
      const made = await workspaceOfAnn();
      const laptop = readyLaptop(made.url, made.token);
      laptop.put(laptop.file.settings, before);
      const { evidence } = await laptop.check(made.url, ['--fix']);
      expect(evidence.checks.settings).toBe('passed');
      expect(laptop.read(laptop.file.settings)).toBe(before);
    });

    it('a config that ssh does not understand is written to once, and it is said how ssh says why', async () => {
      const { settings, laptop, checked } = await fixed('{}', 'Nonsense yes\n');
      expect(JSON.parse(settings)).toEqual({ 'remote.SSH.connectTimeout': 360 });
      expect(checked).toBe('failed');
      const { stdout } = await laptop.check('https://no-such-host.invalid', ['--fix']);
      expect(stdout).toMatch(/config could not be mended: ssh says why when you type: ssh -G workshop-spring-apps/);
    });
  },
);
