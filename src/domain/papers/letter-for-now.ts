import type { Texts } from '../messages/letter-texts.ts';
import { checkLines, flag, letter, spanValues, type Dated, type Letter } from './letters.ts';

/**
 * The first letter of somebody who joins on the day: what to do at once, in the room.
 * @param isReady their cluster runs and was seen to serve
 */
export const letterForNow = (
  texts: Texts,
  { plan, timeline, to, clusterId, isReady }: Dated & { readonly isReady: boolean },
): Letter =>
  letter(texts, plan, to, 'joined-late', {
    ...spanValues(plan, timeline),
    ...checkLines(plan),
    cluster: clusterId,
    ready: flag(clusterId !== undefined && isReady),
    starting: flag(clusterId !== undefined && !isReady),
  });
