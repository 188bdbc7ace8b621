import {
  fingerprintOf,
  ISSUERS,
  LAPTOP_CHECKS,
  PROXIES,
  SYSTEMS,
  type CheckResult,
  type LaptopEvidence,
} from '../../../src/domain/papers/laptop-evidence.ts';

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RESULTS: readonly CheckResult[] = ['not tested', 'passed', 'failed'];

export const HOST = 'adb-1234567890123456.7.azuredatabricks.net';

/** Everything passed, on Windows behind Zscaler. */
export const GOOD: LaptopEvidence = {
  system: 'Windows',
  proxy: 'no proxy',
  day: '2027-03-12',
  cli: '1.8.0',
  issuer: 'Zscaler',
  host: fingerprintOf(HOST),
  checks: Object.fromEntries(LAPTOP_CHECKS.map((check) => [check, 'passed'])) as LaptopEvidence['checks'],
};

/** As the scripts write a code; `version` is that of the code: the first knew no apps, and had two bits a check. */
export function codeOf(
  { system, proxy, day, cli = '0.0.0', issuer, host, checks }: LaptopEvidence,
  version = 2,
): string {
  const [major = 0, minor = 0, patch = 0] = cli.split('.').map(Number);
  const [base, asked] = version === 1 ? [4, LAPTOP_CHECKS.filter((check) => check !== 'apps')] : [3, LAPTOP_CHECKS];
  const counted = asked.reduce((sum, check) => sum * base + RESULTS.indexOf(checks[check]), 0);
  const code = [
    signs(version, 1),
    signs(SYSTEMS.indexOf(system) * 4 + PROXIES.indexOf(proxy), 1),
    signs(Date.parse(day) / 86_400_000, 3),
    signs(major, 1),
    signs(minor, 2),
    signs(patch, 1),
    signs(ISSUERS.indexOf(issuer), 1),
    signs(counted, 4),
    signs(host, 3),
  ].join('');
  return (code + signs(fingerprintOf(code), 3)).replaceAll(/(.{4})(?=.)/g, '$1-');
}

export const signs = (value: number, count: number): string =>
  Array.from({ length: count }, (_, index) => SIGNS[Math.floor(value / 32 ** (count - 1 - index)) % 32]).join('');
