import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { inOneFile } from '../../src/messages/laptop-checks.ts';
import { fingerprintOf, ISSUERS, LAPTOP_CHECKS, SYSTEMS } from '../../src/domain/papers/laptop-evidence.ts';

/** As attendees get them. */
const [shell = '', powershell = ''] = await Promise.all(
  ['check.sh', 'check.ps1'].map((name) => inOneFile(join(import.meta.dirname, '..', '..', 'laptop', name))),
);

// No PowerShell runs here: a grammar reads the script, and the rest is compared with its twin. Its first run on Windows
// is a sign-off.
let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(
    await Language.load(
      readFileSync(fileURLToPath(import.meta.resolve('tree-sitter-powershell/tree-sitter-powershell.wasm'))),
    ),
  );
});

const parsed = (text: string): Node => {
  const tree = parser.parse(text);
  if (!tree) throw new Error('the grammar gave up');
  return tree.rootNode;
};
const kinds = (node: Node): string[] => [node.type, ...node.children.flatMap((child) => (child ? kinds(child) : []))];

describe('laptop/check.ps1', () => {
  it('follows the grammar of PowerShell, which would notice a mistake', () => {
    expect(parsed(powershell).hasError).toBe(false);
    const lines = powershell.split('\n');
    const brace = lines.findIndex((line) => line.trim() === '}');
    expect(parsed(lines.toSpliced(brace, 1).join('\n')).hasError).toBe(true);
  });

  it('uses nothing that Windows PowerShell 5.1 lacks', () => {
    // && and ||, which came with 7.
    expect(kinds(parsed('a && b'))).toContain('pipeline_chain_tail');
    expect(kinds(parsed(powershell))).not.toContain('pipeline_chain_tail');
    expect(powershell).not.toMatch(/ \?\?|\?\.[A-Za-z]| \? [^:]+ : |-Parallel|-AsHashtable/);
    // Without a byte order mark 5.1 takes a file for the machine's old code page.
    expect(powershell).toMatch(/^[\t\n\x20-\x7E]*$/);
  });

  it('can be pasted: one line runs it, and no window is closed by it', () => {
    const lines = [...powershell.matchAll(/^#   (\$env:.*=.*|iex .*check\.ps1\))$/gm)].map(([, line]) => line);
    expect(lines).toHaveLength(3);
    expect(parsed(lines.join('; ')).hasError).toBe(false);
    expect(powershell.match(/\bexit\b/g)).toHaveLength(1);
    expect(powershell.trimEnd().split('\n').at(-1)).toMatch(/^if \(\$PSCommandPath\) \{ exit /);
  });

  it('neither reads nor prints a token', () => {
    for (const script of [powershell, shell])
      expect(script).not.toMatch(/auth token|auth env|DATABRICKS_TOKEN|Bearer|\btoken\s*=/i);
  });
});

describe('the tables of the two scripts are those of the code', () => {
  it('checks, in the same order', () => {
    expect(/for check in (.*); do/.exec(shell)?.[1]?.split(' ')).toEqual([...LAPTOP_CHECKS]);
    expect(/\$checks = @\(\s*([^)]*?)\s*\)/.exec(powershell)?.[1]?.split(', ')).toEqual(
      LAPTOP_CHECKS.map((check) => `'${check}'`),
    );
  });

  it('issuers, with the same patterns', () => {
    const inShell = [...shell.matchAll(/^ {4}(\*.*)\) issuer=(\d+) ;;$/gm)].map(
      ([, pattern = '', number]) => [Number(number), (pattern.match(/[a-z]{3,}/g) ?? []).join(' ')] as const,
    );
    const inPowershell = [...powershell.matchAll(/@\((\d+), '((?:[^']|'')+)'\)/g)].map(
      ([, number, pattern = '']) =>
        [
          Number(number),
          (
            pattern
              .replaceAll('blue ?coat', 'blue coat|bluecoat')
              .replaceAll('check ?point', 'check point|checkpoint')
              .replaceAll('o ?= ?cisco', 'cisco|cisco')
              .match(/[a-z]{3,}/g) ?? []
          ).join(' '),
        ] as const,
    );
    // Everything after the first may stand in any order of the list, but the public ones come last.
    expect(inPowershell.filter(([number]) => number !== 13)).toEqual(
      inShell.filter(([number]) => number > 0 && number < 20 && number !== 13),
    );
    const first = (number: number) => (ISSUERS[number] ?? '').toLowerCase().split(' ')[0] ?? '';
    for (const [number, words] of inPowershell)
      if (number !== 2 && number !== 8) expect(words, String(number)).toContain(first(number));
    expect(inPowershell.map(([number]) => number).toSorted((a, b) => a - b)).toEqual([
      2,
      2,
      ...ISSUERS.map((_, number) => number).filter((number) => number >= 3 && number < 20),
    ]);
    expect(shell).toContain('*) issuer=20 ;;');
    expect(ISSUERS[20]).toBe('an authority that is not public');
  });

  it('the settings of VS Code, and the words about them', () => {
    for (const script of [shell, powershell]) {
      expect(script).toMatch(/remote\.SSH\.connectTimeout'? '?360/);
      expect(script).toMatch(/remote\.SSH\.localServerDownload'? '"always"'/);
      expect(script).toContain('remote.SSH.localServerDownload always');
      expect(script).toContain('or at its server.');
    }
    expect(shell).toContain('--fetch-server) fetch=yes');
    expect(powershell).toContain("($FetchServer -or $env:WORKSHOP_FETCH_SERVER -eq '1')");
  });

  it('what an answer about apps means, and where their host is', () => {
    const inOrder = (script: string, pattern: RegExp) =>
      [...script.matchAll(pattern)].map(([, first]) => first?.replaceAll(/\$\([^)]*\)|\$\{[^}]*\}/g, '…'));
    const hosts = (script: string) => inOrder(script, /[ '"=](workshop-check-\S+?databricksapps\.com)/g);
    expect(hosts(shell)).toHaveLength(3);
    expect(hosts(powershell)).toEqual(hosts(shell));
    for (const words of [
      'in this workshop nobody makes an app',
      'a rehearsal on this computer has no host of apps',
      'does not follow from its address',
      'and whether there has to be one is not certain',
      'the proxy finds no ',
      'the proxy asks for a password on the way to apps',
      'not the app answers, but most likely a page of',
      'beside the workspace.',
    ])
      for (const script of [shell, powershell]) expect(script).toContain(words);
  });

  it("Windows is the system of the one, the others are the other's", () => {
    expect(powershell).toContain(`ConvertTo-Signs (${SYSTEMS.indexOf('Windows')} * 4 + $proxy) 1`);
    expect(shell).toMatch(new RegExp(`Darwin\\) system=${SYSTEMS.indexOf('macOS')} `));
  });

  it('the fingerprint', () => {
    for (const script of [powershell, shell]) expect(script).toMatch(/\* 37 \+ .*% 32749/);
    expect(fingerprintOf('a')).toBe(97);
    expect(fingerprintOf('ab')).toBe(97 * 37 + 98);
  });
});
