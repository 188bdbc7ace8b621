import { describe, expect, it } from 'vitest';
import {
  evidenceText,
  fingerprintOf,
  ISSUERS,
  LAPTOP_CHECKS,
  PROXIES,
  readLaptopCode,
  SYSTEMS,
} from '../../../src/domain/papers/laptop-evidence.ts';
import { codeOf, GOOD, signs } from './laptop-code.ts';

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const why = (typed: string): string | undefined => {
  const read = readLaptopCode(typed);
  return read.ok ? undefined : read.why;
};

describe('a code', () => {
  it('says again what was put into it', () => {
    expect(readLaptopCode(codeOf(GOOD))).toEqual({ ok: true, evidence: GOOD });
    for (const system of SYSTEMS)
      for (const proxy of PROXIES)
        expect(readLaptopCode(codeOf({ ...GOOD, system, proxy }))).toMatchObject({ evidence: { system, proxy } });
    for (const issuer of ISSUERS)
      expect(readLaptopCode(codeOf({ ...GOOD, issuer }))).toMatchObject({ evidence: { issuer } });
    for (const cli of ['0.269.0', '1.14.3', '31.1023.31', undefined])
      expect(readLaptopCode(codeOf({ ...GOOD, cli }))).toMatchObject({ evidence: { cli } });
    const checks = { ...GOOD.checks, cli: 'failed', tunnel: 'not tested', 'check-claude': 'failed' } as const;
    expect(readLaptopCode(codeOf({ ...GOOD, checks }))).toMatchObject({ evidence: { checks } });
  });

  it('of the first version is still read: it knew nothing of apps', () => {
    const checks = { ...GOOD.checks, 'remote-ssh': 'failed', tunnel: 'not tested' } as const;
    expect(readLaptopCode(codeOf({ ...GOOD, checks }, 1))).toEqual({
      ok: true,
      evidence: { ...GOOD, checks: { ...checks, apps: 'not tested' } },
    });
    // One that the first version printed.
    expect(readLaptopCode('1CMC-S108-03AN-ANY9-3ZTY')).toMatchObject({
      evidence: { system: 'Windows', cli: '1.8.0', issuer: 'Zscaler', checks: { reach: 'passed', apps: 'not tested' } },
    });
  });

  it('may be typed as people type', () => {
    const code = codeOf(GOOD);
    for (const typed of [
      code.toLowerCase(),
      code.replaceAll('-', ''),
      ` ${code.replaceAll('-', ' ')}\n`,
      code.replaceAll('0', 'o').replaceAll('1', 'l'),
      code.replaceAll('1', 'I'),
    ]) {
      expect(readLaptopCode(typed), typed).toMatchObject({ ok: true });
    }
  });

  it('is refused with any one sign wrong', () => {
    const code = codeOf(GOOD).replaceAll('-', '');
    for (let at = 0; at < code.length; at += 1) {
      for (const sign of SIGNS) {
        if (sign !== code[at])
          expect(why(code.slice(0, at) + sign + code.slice(at + 1)), `${at} ${sign}`).toBeDefined();
      }
    }
  });

  it('is refused with two neighbours that changed places', () => {
    const code = codeOf(GOOD).replaceAll('-', '');
    for (let at = 0; at + 1 < code.length; at += 1) {
      const [one = '', other = ''] = code.slice(at, at + 2);
      if (one !== other) expect(why(code.slice(0, at) + other + one + code.slice(at + 2)), String(at)).toBeDefined();
    }
  });

  it('is refused in words', () => {
    expect(why('1CM9-E110')).toMatch(/it has 8 letters and digits, and a code has 20/);
    expect(why(`${codeOf(GOOD).slice(0, -1)}U`)).toMatch(/"U" is in no code/);
    expect(why('')).toMatch(/it has 0 letters/);
    expect(why(codeOf(GOOD, 3))).toMatch(/a newer laptop check/);
    const good = codeOf(GOOD).replaceAll('-', '');
    const noIssuer = good.slice(0, 9) + signs(31, 1) + good.slice(10, 17);
    const tooManyChecks = good.slice(0, 10) + signs(3 ** LAPTOP_CHECKS.length, 4) + good.slice(14, 17);
    for (const unsaid of [noIssuer, tooManyChecks])
      expect(why(unsaid + signs(fingerprintOf(unsaid), 3))).toMatch(/what no laptop check says/);
  });
});

it('reads as a sentence', () => {
  expect(evidenceText(GOOD)).toBe(
    'Laptop check of 2027-03-12: Windows, databricks 1.8.0, TLS opened by Zscaler, no proxy; ' +
      'passed: cli, version, ssh, vscode, remote-ssh, settings, reach, apps, sign-in, tunnel, check-claude',
  );
  const text = evidenceText({
    ...GOOD,
    cli: undefined,
    issuer: 'a public authority',
    proxy: 'a proxy that the CLI knows',
    checks: { ...GOOD.checks, cli: 'failed', version: 'not tested' },
  });
  expect(text).toContain(
    'no databricks CLI, TLS not opened by anybody, a proxy that the CLI knows; failed: cli; passed: ssh, ',
  );
  expect(text).toMatch(/; not tested: version$/);
});
