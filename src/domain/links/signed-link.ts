import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** Whose page a link opens. Helpers are counted as the plan lists them; without a number, nobody in particular. */
export type Holder =
  | { readonly role: 'facilitator' }
  | { readonly role: 'helper'; readonly nth?: number }
  | { readonly role: 'attendee'; readonly seat: string };

/** What a link is good for, besides its holder: another run, or a higher generation, makes it void. */
export interface LinkScope {
  readonly id: string;
  readonly runId: string;
  /** Of the plan: raised, it revokes every link that was given before. */
  readonly generation: number;
  /** How often an attendee was given their seat: who was removed and added again has another link. */
  readonly seatGeneration?: number;
}

const PURPOSE = 'workshop page';
/** 144 bits, which come out in base64 without padding. */
const SEAL_BYTES = 18;
const WRITTEN = /^(?:(f)|h(\d{1,3})?|([0-9a-f]{16}))\.([A-Za-z0-9_-]{24})$/;

/**
 * The last part of a personal address: who it is for, and the seal. It names nobody: a seat's key is a hash.
 * @param key secret bytes, 32 or more
 */
export function signedLink(key: Uint8Array, holder: Holder, scope: LinkScope): string {
  return `${writtenOf(holder)}.${sealOf(key, holder, scope)}`;
}

/** Whom a link is for, by what it says of itself: nothing is checked. Undefined for what is no link. */
export function holderOf(link: string): Holder | undefined {
  const [, facilitator, nth, seat] = WRITTEN.exec(link) ?? [];
  if (seat !== undefined) return { role: 'attendee', seat };
  if (facilitator !== undefined) return { role: 'facilitator' };
  if (!WRITTEN.test(link)) return undefined;
  return nth === undefined ? { role: 'helper' } : { role: 'helper', nth: Number(nth) };
}

/** Whether a link was made with this key, for this scope. It takes as long for a wrong one as for a right one. */
export function isSigned(key: Uint8Array, link: string, scope: LinkScope): boolean {
  const holder = holderOf(link);
  if (holder === undefined) return false;
  const [given, right] = [link, signedLink(key, holder, scope)].map((text) => utf8ToBytes(text)) as [
    Uint8Array,
    Uint8Array,
  ];
  if (given.length !== right.length) return false;
  return right.reduce((differs, byte, index) => differs | (byte ^ (given[index] ?? 0)), 0) === 0;
}

function writtenOf(holder: Holder): string {
  if (holder.role === 'facilitator') return 'f';
  return holder.role === 'helper' ? `h${holder.nth ?? ''}` : holder.seat;
}

function sealOf(key: Uint8Array, holder: Holder, { id, runId, generation, seatGeneration = 0 }: LinkScope): string {
  const seat = holder.role === 'attendee' ? seatGeneration : 0;
  const text = JSON.stringify([PURPOSE, id, runId, writtenOf(holder), generation, seat]);
  const seal = hmac(sha256, key, utf8ToBytes(text)).slice(0, SEAL_BYTES);
  return btoa(String.fromCodePoint(...seal))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
