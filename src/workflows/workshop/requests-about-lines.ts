import { setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { isDone, takesAnswer } from '../../domain/replayed/checklist/item.ts';
import type { LineId } from '../../domain/replayed/checklist/lines.ts';
import { signOffInput, waiveInput } from '../../domain/replayed/checklist/requests.ts';
import { signOff, waive } from '../shared/messages.ts';
import type { Lifecycle } from './lifecycle.ts';
import { readOrRefuse, refuseUpdate } from './refusals.ts';
import { hearRetry } from './request-to-retry.ts';
import { named } from './named-line.ts';

/** What costs money is removed, and proven and told, whatever anybody says. */
const UNWAIVABLE: readonly LineId[] = ['teardown', 'proof', 'report'];

/**
 * What people may say about one line of the checklist: that it is so, that it may stay undone, that it be tried again.
 */
export function hearAboutLines(w: Lifecycle): void {
  setHandler(
    signOff,
    (input) => {
      const { item, by, note, answer } = z.parse(signOffInput, input);
      const yes = answer === 'yes';
      w.checklist.answer(named(w, item).id, { yes, by, note }, Date.now());
      return { recorded: `${item}: ${yes ? 'signed off' : 'said no'} by ${by}` };
    },
    {
      validator: (input) => {
        const item = named(w, readOrRefuse(signOffInput, input).item, takesAnswer);
        const article = item.kind === 'action' ? 'an' : 'a';
        if (!takesAnswer(item))
          refuseUpdate(`"${item.id}" is ${article} ${item.kind}, which nobody can sign off: use retry or waive`);
      },
    },
  );

  setHandler(
    waive,
    (input) => {
      const { item, by, reason } = z.parse(waiveInput, input);
      w.checklist.waive(named(w, item).id, reason, Date.now(), by);
      return { recorded: `${item}: waived by ${by}` };
    },
    {
      validator: (input) => {
        const item = named(w, readOrRefuse(waiveInput, input).item);
        if (isDone(item)) refuseUpdate(`"${item.id}" is ${item.state} already`);
        if (UNWAIVABLE.includes(item.id)) refuseUpdate('the removal, its proof and the report cannot be waived');
      },
    },
  );

  hearRetry(w);
}
