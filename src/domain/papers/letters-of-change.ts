import type { Texts } from '../messages/letter-texts.ts';
import { letter, spanValues, type Addressee, type Dated, type Letter, type LetterPlan } from './letters.ts';

/** The workshop is called off. */
export const calledOff = (
  texts: Texts,
  { plan, reason, to }: { readonly plan: LetterPlan; readonly reason: string; readonly to?: Addressee },
): Letter => letter(texts, plan, to, 'called-off', { reason });

/** To somebody who was removed from the workshop. */
export const goodbye = (texts: Texts, { plan, to }: { readonly plan: LetterPlan; readonly to?: Addressee }): Letter =>
  letter(texts, plan, to, 'goodbye', {});

/** The start was moved: when it is now, and that all else stays as it was. */
export const rescheduled = (texts: Texts, { plan, timeline, to, clusterId }: Dated): Letter =>
  letter(texts, plan, to, 'rescheduled', { ...spanValues(plan, timeline), cluster: clusterId });
