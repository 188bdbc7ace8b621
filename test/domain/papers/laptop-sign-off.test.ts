import { expect, it } from 'vitest';
import type { LaptopEvidence } from '../../../src/domain/papers/laptop-evidence.ts';
import { laptopNote, takesLaptopEvidence } from '../../../src/domain/papers/laptop-sign-off.ts';
import { GOOD, HOST } from './laptop-code.ts';

const now = Date.parse('2027-03-14T10:00:00Z');
const noteFor = (
  item: string,
  changes: Partial<LaptopEvidence> = {},
  more: Partial<Parameters<typeof laptopNote>[2]> = {},
) =>
  laptopNote(item, [{ ...GOOD, ...changes }], {
    answer: 'yes',
    note: undefined,
    force: false,
    host: HOST,
    now,
    ...more,
  });
/** What is said to be lacking, without the evidence itself, which follows on a line of its own. */
const lacking = (
  item: string,
  changes: Partial<LaptopEvidence> = {},
  host: string | undefined = HOST,
): string | undefined => {
  const kept = noteFor(item, changes, { host });
  return kept.ok ? undefined : kept.why.split('.\nLaptop check of ')[0];
};
const results = (changes: Partial<LaptopEvidence['checks']>) => ({ checks: { ...GOOD.checks, ...changes } });

it('a whole check on Windows behind Zscaler is enough for both items', () => {
  expect(lacking('proxy')).toBeUndefined();
  expect(lacking('windows-zscaler')).toBeUndefined();
});

it('the proxy item takes any system, and wants check-claude through the tunnel', () => {
  expect(lacking('proxy', { system: 'macOS', issuer: 'a public authority' })).toBeUndefined();
  expect(lacking('proxy', results({ tunnel: 'not tested', 'check-claude': 'not tested' }))).toBe(
    'not tested there: tunnel, check-claude',
  );
});

it('the Windows item wants Windows and Zscaler, and the tunnel; check-claude it does not ask', () => {
  expect(lacking('windows-zscaler', { system: 'Linux inside Windows (WSL)' })).toBe(
    'it ran on Linux inside Windows (WSL), and Windows is asked for',
  );
  expect(lacking('windows-zscaler', { issuer: 'Netskope' })).toBe(
    'no Zscaler was between that laptop and the workspace',
  );
  expect(lacking('windows-zscaler', results({ tunnel: 'not tested', 'check-claude': 'not tested' }))).toBe(
    'not tested there: tunnel',
  );
  expect(lacking('windows-zscaler', results({ 'check-claude': 'not tested' }))).toBeUndefined();
});

it('any check that failed is too little', () => {
  expect(lacking('proxy', results({ settings: 'failed', vscode: 'failed' }))).toBe('failed there: vscode, settings');
});

it('so is another workspace, an old check, and one from the future', () => {
  expect(lacking('proxy', {}, 'adb-1.2.azuredatabricks.net')).toBe(
    'it asked another workspace than adb-1.2.azuredatabricks.net',
  );
  expect(lacking('proxy', { day: '2027-01-01' })).toMatch('more than 45 days ago');
  expect(lacking('proxy', { day: '2027-03-16' })).toMatch('has not come yet');
  // Where the day begins earlier.
  expect(lacking('proxy', { day: '2027-03-15' })).toBeUndefined();
  expect(noteFor('proxy', {}, { host: undefined })).toMatchObject({ ok: true });
});

it('speaks for two items only', () => {
  expect(['proxy', 'windows-zscaler', 'support-channel', 'constructor'].filter(takesLaptopEvidence)).toEqual([
    'proxy',
    'windows-zscaler',
  ]);
  expect(lacking('support-channel')).toBe('no laptop check can speak for "support-channel"');
});

it('becomes a note: the check in words, then what the person says', () => {
  expect(noteFor('proxy', {}, { note: 'in the office' })).toEqual({
    ok: true,
    note: expect.stringMatching(/^Laptop check of 2027-03-12: Windows, .*check-claude\. in the office$/),
  });
  expect(
    laptopNote('proxy', [GOOD, { ...GOOD, system: 'macOS' }], {
      answer: 'yes',
      note: undefined,
      force: false,
      host: HOST,
      now,
    }),
  ).toMatchObject({ note: expect.stringMatching(/: Windows, .*\. Laptop check of 2027-03-12: macOS, /) });
});

it('that is forced says what was lacking; a no needs no force', () => {
  const few = results({ tunnel: 'failed', 'check-claude': 'not tested' });
  expect(noteFor('proxy', few, { force: true, note: 'seen in person' })).toMatchObject({
    note: expect.stringMatching(
      /; signed off although failed there: tunnel; not tested there: check-claude\. seen in person$/,
    ),
  });
  expect(noteFor('proxy', few, { answer: 'no' })).toMatchObject({
    ok: true,
    note: expect.stringMatching(/failed: tunnel; .*not tested: check-claude$/),
  });
});
