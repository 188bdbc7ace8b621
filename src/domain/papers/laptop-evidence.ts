import { DAY } from '../replayed/time/units.ts';
/**
 * The code at the end of a laptop check (`laptop/check.sh`, `laptop/check.ps1`). Twenty signs of Crockford's base32,
 * so that it can be read out on the telephone:
 *
 *     1   version of the code
 *     1   system x 4 + how the laptop reaches a proxy
 *     3   days since 1970
 *     4   version of the databricks CLI: major, minor (two signs), patch; all zero without one
 *     1   who issued the certificate that the laptop was shown
 *     4   the eleven checks, as a number in base three whose first digit is the first check
 *     3   fingerprint of the workspace's host
 *     3   fingerprint of the seventeen signs before
 *
 * No name, address, path or token is in it. The two scripts write the same tables: change all three together, under a
 * new version.
 *
 * Version 1 knew ten checks, without `apps`, and had two bits for each. Letters of then are still in people's mail, so
 * it is read, too.
 */

export const SYSTEMS = ['unknown system', 'macOS', 'Linux', 'Windows', 'Linux inside Windows (WSL)'] as const;
export type System = (typeof SYSTEMS)[number];

export const PROXIES = ['no proxy', 'a proxy that the CLI knows', 'a proxy that only the system knows'] as const;

/** Who issued the certificate. Behind everything from `Zscaler` on, somebody between laptop and workspace opens TLS. */
export const ISSUERS = [
  'not seen',
  'no TLS',
  'a public authority',
  'Zscaler',
  'Netskope',
  'Palo Alto Networks',
  'Fortinet',
  'Cisco',
  'Symantec',
  'Skyhigh',
  'Check Point',
  'Sophos',
  'Forcepoint',
  'Cloudflare Gateway',
  'iboss',
  'Barracuda',
  'Kaspersky',
  'ESET',
  'Bitdefender',
  'Avast',
  'an authority that is not public',
] as const;
export type Issuer = (typeof ISSUERS)[number];

/** In the order of the code. */
export const LAPTOP_CHECKS = [
  'cli',
  'version',
  'ssh',
  'vscode',
  'remote-ssh',
  'settings',
  'reach',
  'apps',
  'sign-in',
  'tunnel',
  'check-claude',
] as const;
export type LaptopCheck = (typeof LAPTOP_CHECKS)[number];

const RESULTS = ['not tested', 'passed', 'failed'] as const;
export type CheckResult = (typeof RESULTS)[number];

export interface LaptopEvidence {
  readonly system: System;
  readonly proxy: (typeof PROXIES)[number];
  /** `2027-03-12`, as the laptop's clock counts days in UTC. */
  readonly day: string;
  /** undefined where there is no databricks CLI. */
  readonly cli: string | undefined;
  readonly issuer: Issuer;
  readonly checks: Readonly<Record<LaptopCheck, CheckResult>>;
  /** To be compared with {@link fingerprintOf} the workspace's host. */
  readonly host: number;
}

export type ReadCode =
  | { readonly ok: true; readonly evidence: LaptopEvidence }
  | { readonly ok: false; readonly why: string };

/** What each version of the code asks, and in which base its results are counted. */
const VERSIONS: Readonly<Record<number, { readonly checks: readonly LaptopCheck[]; readonly base: number }>> = {
  1: { checks: LAPTOP_CHECKS.filter((check) => check !== 'apps'), base: 4 },
  2: { checks: LAPTOP_CHECKS, base: 3 },
};
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 20;

/**
 * Reads a code as a person types it: in any case, with or without dashes, O for 0 and I or L for 1.
 * A code in which one sign is wrong, or two have changed places, is refused.
 */
export function readLaptopCode(typed: string): ReadCode {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const odd = Array.from(code).find((sign) => !SIGNS.includes(sign));
  if (odd !== undefined) return refused(`${JSON.stringify(odd)} is in no code`);
  if (code.length !== LENGTH) return refused(`it has ${code.length} letters and digits, and a code has ${LENGTH}`);
  if (fingerprintOf(code.slice(0, -3)) !== numberOf(code.slice(-3)))
    return refused('a letter or digit of it is wrong, or two have changed places');
  const version = VERSIONS[numberOf(code.slice(0, 1))];
  if (version === undefined)
    return {
      ok: false,
      why: 'It comes from a newer laptop check than this program knows. Use the program that the check came with.',
    };
  const fields = fieldsOf(code, version);
  return fields === undefined ? refused('it says what no laptop check says') : { ok: true, evidence: fields };
}

const refused = (why: string): ReadCode => ({
  ok: false,
  why: `It is not as the laptop check printed it: ${why}. Copy it again from the last line, or run the check again.`,
});

function fieldsOf(code: string, { checks, base }: (typeof VERSIONS)[number]): LaptopEvidence | undefined {
  const at = (from: number, signs: number): number => numberOf(code.slice(from, from + signs));
  const system = SYSTEMS[at(1, 1) >> 2];
  const proxy = PROXIES[at(1, 1) & 3];
  const issuer = ISSUERS[at(9, 1)];
  const counted = at(10, 4);
  const results = checks.map(
    (check, index) => [check, RESULTS[Math.floor(counted / base ** (checks.length - 1 - index)) % base]] as const,
  );
  if (
    system === undefined ||
    proxy === undefined ||
    issuer === undefined ||
    results.some(([, result]) => result === undefined) ||
    counted >= base ** checks.length
  )
    return undefined;
  const version = [at(5, 1), at(6, 2), at(8, 1)];
  return {
    system,
    proxy,
    issuer,
    day: new Date(at(2, 3) * DAY).toISOString().slice(0, 10),
    cli: version.every((part) => part === 0) ? undefined : version.join('.'),
    checks: { apps: 'not tested', ...(Object.fromEntries(results) as Omit<Record<LaptopCheck, CheckResult>, 'apps'>) },
    host: at(14, 3),
  };
}

/**
 * A number below 32,749 for a text. The modulus is prime, so that one changed sign, or two that changed places, always
 * change it.
 */
export function fingerprintOf(text: string): number {
  return Array.from(text).reduce((sum, sign) => (sum * 37 + (sign.codePointAt(0) ?? 0)) % 32_749, 0);
}

const numberOf = (signs: string): number => Array.from(signs).reduce((sum, sign) => sum * 32 + SIGNS.indexOf(sign), 0);

/** True where somebody between laptop and workspace opens TLS. */
export const isIntercepted = (issuer: Issuer): boolean => ISSUERS.indexOf(issuer) >= ISSUERS.indexOf('Zscaler');

/** The evidence as a person reads it in `status` and in the report. */
export function evidenceText({ system, proxy, day, cli, issuer, checks }: LaptopEvidence): string {
  const tls =
    issuer === 'not seen'
      ? 'issuer of the certificate not seen'
      : issuer === 'no TLS'
        ? 'no TLS'
        : isIntercepted(issuer)
          ? `TLS opened by ${issuer}`
          : 'TLS not opened by anybody';
  const named = (result: CheckResult): string => LAPTOP_CHECKS.filter((check) => checks[check] === result).join(', ');
  const results = RESULTS.toReversed().flatMap((result) =>
    named(result) === '' ? [] : [`${result}: ${named(result)}`],
  );
  const program = cli === undefined ? 'no databricks CLI' : `databricks ${cli}`;
  return `Laptop check of ${day}: ${system}, ${program}, ${tls}, ${proxy}; ${results.join('; ')}`;
}
