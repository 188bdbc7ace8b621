import { mistakes } from './mistakes.ts';

export interface MistypedDomain {
  readonly domain: string;
  /** The one that many more have. */
  readonly meant: string;
  readonly emails: readonly string[];
}

/** As many times more people must have the other domain: two companies may have like names. */
const MANY_MORE = 3;
const MOST_MISTAKES = 2;

/** Addresses of a domain that few have and that is nearly one which many have: `exmaple.com` among `example.com`. */
export function likelyMistypedDomains(addresses: readonly string[]): MistypedDomain[] {
  const byDomain = Map.groupBy(
    [...new Set(addresses)].filter((address) => address.includes('@')),
    (address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase(),
  );
  return [...byDomain].flatMap(([domain, emails]) => {
    const near = [...byDomain].find(
      ([other, theirs]) =>
        other !== domain && theirs.length >= MANY_MORE * emails.length && mistakes(domain, other) <= MOST_MISTAKES,
    );
    return near ? [{ domain, meant: near[0], emails }] : [];
  });
}
