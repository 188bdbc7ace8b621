import type { Texts } from '../messages/letter-texts.ts';
import { checkLines, letter, spanValues, type Addressee, type Dated, type Letter, type LetterPlan } from './letters.ts';

/** The day before, to whoever has a cluster and never connected to it: the five steps once more. */
export const notTried = (texts: Texts, { plan, timeline, to, clusterId }: Dated): Letter =>
  letter(texts, plan, to, 'not-tried', { ...spanValues(plan, timeline), ...checkLines(plan), cluster: clusterId });

/** When the workshop begins, to whoever's cluster serves: the lines that connect. */
export const ready = (
  texts: Texts,
  { plan, to, clusterId }: { readonly plan: LetterPlan; readonly to?: Addressee; readonly clusterId: string },
): Letter => letter(texts, plan, to, 'ready', { cluster: clusterId });

/** After the Setup block, to whoever has not connected: the lines that do it. */
export const notConnected = (
  texts: Texts,
  { plan, to, clusterId }: { readonly plan: LetterPlan; readonly to?: Addressee; readonly clusterId: string },
): Letter => letter(texts, plan, to, 'not-connected', { cluster: clusterId });

/** A quarter of an hour before the end. */
export const saveWork = (texts: Texts, { plan, timeline, to }: Dated): Letter =>
  letter(texts, plan, to, 'save-work', { until: spanValues(plan, timeline).until });
