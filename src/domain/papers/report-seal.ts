import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Report } from './report.ts';

/** What the seals of reports are a purpose of the payload key for. */
export const SEAL_PURPOSE = 'seal of reports';

/**
 * What is known of a report that was read back. `no seal`: it was written without a key. `no key`: it has a seal, and
 * there is no key here. `changed`: its seal fits no key here: it was changed, or sealed with another one.
 */
export type SealState = 'as written' | 'no seal' | 'no key' | 'changed';

interface Sealed extends Report {
  readonly seal?: string;
}

/** The report as JSON, with an HMAC-SHA256 over all of it that only who has the key can make; without a key, plain. */
export function sealedJson(report: Report, key: string | undefined): string {
  return `${JSON.stringify(key === undefined ? report : { ...report, seal: sealOf(report, key) }, null, 2)}\n`;
}

/** Takes a seal off, and says whether it fits one of the keys. @param value that was read from JSON */
export function unsealed(value: Report, keys: readonly string[]): { report: Report; seal: SealState } {
  const { seal, ...report } = value as Sealed;
  return { report, seal: stateOf(report, seal, keys) };
}

function stateOf(report: Report, seal: string | undefined, keys: readonly string[]): SealState {
  if (seal === undefined) return 'no seal';
  if (keys.length === 0) return 'no key';
  return keys.some((key) => sealOf(report, key) === seal) ? 'as written' : 'changed';
}

const sealOf = (report: Report, key: string): string =>
  bytesToHex(hmac(sha256, utf8ToBytes(key), utf8ToBytes(JSON.stringify(report))));
