import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/**
 * The name of a person's seat in workflow ids and cluster tags: 16 hex digits.
 * An HMAC under the run id, so that nobody who sees a tag or a workflow id can test whether an address is on the
 * roster.
 */
export function seatKey(runId: string, email: string): string {
  return bytesToHex(hmac(sha256, utf8ToBytes(runId), utf8ToBytes(email.trim().toLowerCase()))).slice(0, 16);
}
