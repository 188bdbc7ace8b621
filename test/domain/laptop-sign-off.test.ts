import { expect, it } from 'vitest';
import type { LaptopEvidence } from '../../src/domain/laptop-evidence.ts';
import { takesLaptopEvidence, whyNotEnough } from '../../src/domain/laptop-sign-off.ts';
import { GOOD, HOST } from './laptop-code.ts';

const now = Date.parse('2027-03-14T10:00:00Z');
const lacking = (item: string, changes: Partial<LaptopEvidence> = {}, host: string | undefined = HOST) => whyNotEnough(item, { ...GOOD, ...changes }, { host, now });
const results = (changes: Partial<LaptopEvidence['checks']>) => ({ checks: { ...GOOD.checks, ...changes } });

it('a whole check on Windows behind Zscaler is enough for both items', () => {
  expect(lacking('proxy')).toEqual([]);
  expect(lacking('windows-zscaler')).toEqual([]);
});

it('the proxy item takes any system, and wants check-claude through the tunnel', () => {
  expect(lacking('proxy', { system: 'macOS', issuer: 'a public authority' })).toEqual([]);
  expect(lacking('proxy', results({ tunnel: 'not tested', 'check-claude': 'not tested' }))).toEqual(['not tested there: tunnel, check-claude']);
});

it('the Windows item wants Windows and Zscaler, and the tunnel; check-claude it does not ask', () => {
  expect(lacking('windows-zscaler', { system: 'Linux inside Windows (WSL)' })).toEqual(['it ran on Linux inside Windows (WSL), and Windows is asked for']);
  expect(lacking('windows-zscaler', { issuer: 'Netskope' })).toEqual(['no Zscaler was between that laptop and the workspace']);
  expect(lacking('windows-zscaler', results({ tunnel: 'not tested', 'check-claude': 'not tested' }))).toEqual(['not tested there: tunnel']);
  expect(lacking('windows-zscaler', results({ 'check-claude': 'not tested' }))).toEqual([]);
});

it('any check that failed is too little', () => {
  expect(lacking('proxy', results({ settings: 'failed', vscode: 'failed' }))).toEqual(['failed there: vscode, settings']);
});

it('so is another workspace, an old check, and one from the future', () => {
  expect(lacking('proxy', {}, 'adb-1.2.azuredatabricks.net')).toEqual(['it asked another workspace than adb-1.2.azuredatabricks.net']);
  expect(lacking('proxy', { day: '2027-01-01' })).toEqual([expect.stringContaining('more than 45 days ago')]);
  expect(lacking('proxy', { day: '2027-03-16' })).toEqual([expect.stringContaining('has not come yet')]);
  // Where the day begins earlier.
  expect(lacking('proxy', { day: '2027-03-15' })).toEqual([]);
  expect(whyNotEnough('proxy', GOOD, { host: undefined, now })).toEqual([]);
});

it('speaks for two items only', () => {
  expect(['proxy', 'windows-zscaler', 'support-channel', 'constructor'].filter(takesLaptopEvidence)).toEqual(['proxy', 'windows-zscaler']);
  expect(lacking('support-channel')).toEqual(['no laptop check can speak for "support-channel"']);
});
