import type { LookedUp } from '../replayed/checklist/requests.ts';

/** A second address of somebody who is there, or about to be, under another one. */
export interface SecondAddress {
  readonly email: string;
  readonly sameAs: string;
  readonly userName: string;
}

/**
 * Of people who are to be added, those that are another address of one workspace user: of whoever is enrolled already,
 * or of whoever stands before them.
 */
export function secondAddresses(people: readonly LookedUp[], enrolled: ReadonlySet<string>): SecondAddress[] {
  const before = new Map<string, string>();
  return people.flatMap((person) => {
    if (!('userName' in person)) return [];
    const { email, userName, others = [] } = person;
    if (enrolled.has(email)) {
      before.set(userName, email);
      return [];
    }
    const sameAs = others.find((other) => enrolled.has(other)) ?? before.get(userName);
    if (sameAs !== undefined) return [{ email, sameAs, userName }];
    before.set(userName, email);
    return [];
  });
}

export const secondAddressWords = ({ email, sameAs, userName }: SecondAddress): string =>
  `${email} and ${sameAs} are one person, the user ${userName} of the workspace`;
