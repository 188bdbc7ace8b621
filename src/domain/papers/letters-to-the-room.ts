import type { Texts } from '../messages/letter-texts.ts';
import { letter, spanValues, type Addressee, type Dated, type Letter, type LetterPlan } from './letters.ts';

/** After the Setup block, to whoever has not connected: the lines that do it. */
export const notConnected = (
  texts: Texts,
  { plan, to, clusterId }: { readonly plan: LetterPlan; readonly to?: Addressee; readonly clusterId: string },
): Letter => letter(texts, plan, to, 'not-connected', { cluster: clusterId });

/** A quarter of an hour before the end. */
export const saveWork = (texts: Texts, { plan, timeline, to }: Dated): Letter =>
  letter(texts, plan, to, 'save-work', { until: spanValues(plan, timeline).until });
