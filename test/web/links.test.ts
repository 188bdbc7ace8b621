import { describe, expect, test } from 'vitest';
import { linkKeyFrom } from '../../src/domain/links/link-key.ts';
import { holderOf, isSigned, signedLink, type Holder } from '../../src/domain/links/signed-link.ts';

const KEY = new Uint8Array(32).fill(1);
const SCOPE = { id: 'spring', runId: 'run', generation: 1, seatGeneration: 1 };
const HOLDERS: Holder[] = [
  { role: 'facilitator' },
  { role: 'helper' },
  { role: 'helper', nth: 12 },
  { role: 'attendee', seat: '0123456789abcdef' },
];

describe.each(HOLDERS)('a link of $role', (holder) => {
  const link = signedLink(KEY, holder, SCOPE);

  test('says who it is for, and is good with its key and scope', () => {
    expect(holderOf(link)).toEqual(holder);
    expect(isSigned(KEY, link, SCOPE)).toBe(true);
  });

  test.each([
    ['another workshop', { id: 'autumn' }],
    ['another run', { runId: 'later' }],
    ['a higher generation', { generation: 2 }],
  ])('is void for %s', (_, other) => {
    expect(isSigned(KEY, link, { ...SCOPE, ...other })).toBe(false);
  });

  test('is void with another key, with another holder, and with any sign changed', () => {
    expect(isSigned(new Uint8Array(32).fill(2), link, SCOPE)).toBe(false);
    const [, seal] = link.split('.');
    for (const other of ['f', 'h', 'h1', 'fedcba9876543210'].filter((who) => !link.startsWith(`${who}.`)))
      expect(isSigned(KEY, `${other}.${seal}`, SCOPE)).toBe(false);
    for (let at = 0; at < link.length; at += 1) {
      const changed = link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1);
      expect(isSigned(KEY, changed, SCOPE)).toBe(false);
    }
  });
});

test('whoever was removed and added again has another link; nobody else has', () => {
  const seat: Holder = { role: 'attendee', seat: '0123456789abcdef' };
  expect(isSigned(KEY, signedLink(KEY, seat, SCOPE), { ...SCOPE, seatGeneration: 2 })).toBe(false);
  expect(isSigned(KEY, signedLink(KEY, { role: 'helper' }, SCOPE), { ...SCOPE, seatGeneration: 2 })).toBe(true);
});

test.each(['', 'f', 'f.', 'x.AAAAAAAAAAAAAAAAAAAAAAAA', '../../etc', 'f.AAAA', `f.${'A'.repeat(25)}`])(
  '%j is no link',
  (text) => {
    expect(holderOf(text)).toBeUndefined();
    expect(isSigned(KEY, text, SCOPE)).toBe(false);
  },
);

test('a key is 32 bytes or more, in either kind of base64; what is none is refused without being repeated', () => {
  const key = Buffer.alloc(32, 250);
  expect(linkKeyFrom({ WORKSHOP_LINK_KEY: key.toString('base64') })).toEqual(new Uint8Array(key));
  expect(linkKeyFrom({ WORKSHOP_LINK_KEY: key.toString('base64url') })).toEqual(new Uint8Array(key));
  expect(linkKeyFrom({})).toBeUndefined();
  for (const wrong of ['secret-words', 'abcde', Buffer.alloc(31).toString('base64'), 'ümlaut'])
    expect(() => linkKeyFrom({ WORKSHOP_LINK_KEY: wrong })).toThrow(/^WORKSHOP_LINK_KEY is no key: (?!.*secret-words)/);
});
