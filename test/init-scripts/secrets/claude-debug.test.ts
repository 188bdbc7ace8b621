import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HARMLESS, INVENTED_SECRETS, isInside } from './invented-secrets.ts';

const CLAUDE_DEBUG = join(import.meta.dirname, '..', '..', '..', 'init-scripts', 'bin', 'claude-debug');
const lacking = ['python3', 'bash'].find((program) => spawnSync(program, ['--version']).status !== 0);

/** What claude-debug shows of these settings and this environment, for people and for programs. */
function shown(settings: string, env: Readonly<Record<string, string>> = {}, path = process.env['PATH'] ?? ''): string {
  const home = mkdtempSync(join(tmpdir(), 'claude-debug-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, '.claude'));
  writeFileSync(join(home, '.claude', 'settings.json'), settings);
  return ['', '--json']
    .map((option) => {
      const { stdout, stderr, status } = spawnSync('bash', [CLAUDE_DEBUG, ...(option === '' ? [] : [option])], {
        env: { PATH: path, HOME: home, ...env },
        encoding: 'utf8',
      });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      if (option !== '') expect(JSON.parse(stdout)).toMatchObject({ v: 1, command: 'claude-debug' });
      return stdout;
    })
    .join('\n');
}

describe.skipIf(lacking !== undefined)(
  `claude-debug may be shown to anybody${lacking === undefined ? '' : ` (skipped: no ${lacking} on this machine)`}`,
  () => {
    test('fifty kinds, under names that say nothing, in settings, JSON or not, and in the environment', () => {
      const kinds = Object.entries(INVENTED_SECRETS);
      expect(kinds).toHaveLength(50);
      const settings = kinds.map(([, secret]) => ({
        note: secret,
        statusLine: { command: `run --with ${secret} --fast` },
        list: [secret],
      }));
      const text = shown(
        [JSON.stringify(settings, undefined, 2), ...kinds.map(([, secret]) => `// ${secret} left over`)].join('\n'),
        Object.fromEntries(
          kinds.flatMap(([, secret], n) => [
            [`CLAUDE_CODE_NOTE_${n}`, secret],
            [`WORKSHOP_NOTE_${n}`, `see ${secret}, and more`],
            [`DATABRICKS_NOTE_${n}`, JSON.stringify({ note: secret })],
          ]),
        ),
      );
      const lines = text.split('\n');
      for (const [kind, secret] of kinds) {
        expect(isInside(secret, `see ${secret}`), kind).toBe(true);
        expect(
          lines.filter((line) => isInside(secret, line)),
          kind,
        ).toEqual([]);
      }
      // Nothing else went with them.
      expect(text.match(/^WORKSHOP_NOTE_\d+=see .*and more$/gm)).toHaveLength(50);
      expect(text.match(/^ +"command": "run --with .* --fast"$/gm)).toHaveLength(50);
    });

    test.each([
      [
        'a name in settings',
        '{"env": {"MY_PASSWORD": "SECRET", "mySessionToken": "SECRET", "client_secret": "SECRET"}}',
      ],
      ['a header of settings', '{"mcpServers": {"x": {"headers": {"X-Whatever": "SECRET", "Y": "one, SECRET"}}}}'],
      ['custom headers', '{"env": {"ANTHROPIC_CUSTOM_HEADERS": "X-Whatever: SECRET\\nY: SECRET"}}'],
      ['a helper that is a command', '{"apiKeyHelper": "echo SECRET", "otelHeadersHelper": "print SECRET"}'],
      ['what a helper is told', '{"awsAuthRefresh": "refresh \\"--with\\" SECRET"}'],
      ['a command line', '{"hooks": "curl -H \\"Authorization: Bearer SECRET\\" x; x --token=SECRET"}'],
      ['settings that are no JSON any more', '{"MY_PASSWORD": "SECRET\n  "ANTHROPIC_AUTH_TOKEN: SECRET'],
      ['YAML', 'password: SECRET\napi_key = SECRET\n'],
    ])('a short word in %s', (_, settings) => {
      const text = shown(settings.replaceAll('SECRET', 'hunter22x'), {
        ANTHROPIC_CUSTOM_HEADERS: 'X-Whatever: hunter22x\nY: hunter22x',
        CLAUDE_CODE_CLIENT_KEY_PASSPHRASE: 'hunter22x',
        MLFLOW_TRACKING_PASSWORD: 'hunter22x',
        HTTPS_PROXY: 'http://ann:hunter22x@proxy.example:8080',
      });
      expect(text).not.toContain('hunter22x');
      expect(text).toContain('HTTPS_PROXY=http://***@proxy.example:8080\n');
      expect(text).toContain('CLAUDE_CODE_CLIENT_KEY_PASSPHRASE=*** (9 characters)\n');
    });

    test('what helps is still there', () => {
      const helper = '/opt/claude-workshop/lib/api-key';
      const text = shown(JSON.stringify({ apiKeyHelper: helper, env: { CLAUDE_CODE_MAX_OUTPUT_TOKENS: '16000' } }), {
        CLAUDE_CODE_API_KEY_HELPER_TTL_MS: '60000',
        DATABRICKS_HOST: 'https://adb-984752964297111.11.azuredatabricks.net',
        ANTHROPIC_MODEL: 'databricks-claude-sonnet-4-6',
        WORKSHOP_NOTE: HARMLESS.slice(0, 2).join(' '),
      });
      for (const words of [
        `"apiKeyHelper":"${helper}"`,
        '"CLAUDE_CODE_MAX_OUTPUT_TOKENS":"16000"',
        'CLAUDE_CODE_API_KEY_HELPER_TTL_MS=60000\n',
        'DATABRICKS_HOST=https://adb-984752964297111.11.azuredatabricks.net\n',
        'ANTHROPIC_MODEL=databricks-claude-sonnet-4-6\n',
        `WORKSHOP_NOTE=${HARMLESS[0]}`,
      ])
        expect(text).toContain(words);
    });

    test('without Python nothing that could hold a secret is shown', () => {
      const bin = mkdtempSync(join(tmpdir(), 'no-python-'));
      onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
      for (const tool of ['bash', 'sed', 'uname', 'grep', 'sort', 'head', 'tail', 'tr', 'cat', 'dirname', 'readlink'])
        symlinkSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(), join(bin, tool));
      const text = shown('{"note": "hunter22x"}', { WORKSHOP_NOTE: 'hunter22x' }, bin);
      expect(text).not.toContain('hunter22x');
      expect(text).toContain('WORKSHOP_NOTE=*** (not shown: there is no Python here');
    });
  },
);
