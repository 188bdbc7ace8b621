import { setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { askedOtherwise, triedAgain, withAmendment } from '../../domain/replayed/checklist/amendment.ts';
import { amendInput, type Receipt } from '../../domain/replayed/checklist/requests.ts';
import { amend } from '../shared/messages.ts';
import { isInGrace, noteMoments, refuseUnlessItGoesOn } from './changes-of-plan.ts';
import type { Lifecycle } from './lifecycle.ts';
import { readOrRefuse, refuseUpdate } from './refusals.ts';

/**
 * Another word of the plan: contacts, endpoint, prices, thresholds, and the compute of clusters that are not made yet.
 * What was tried with the old word is tried again, under the page that the guide is open at.
 */
export function hearAmend(w: Lifecycle): void {
  setHandler(
    amend,
    async (input): Promise<Receipt> => {
      const { by, fields } = z.parse(amendInput, input);
      const now = Date.now();
      const { heading } = w.state;
      w.state.amended = withAmendment(w.state.amended, { by, fields }, now);
      noteMoments(w);
      const again = heading === 'after' ? [] : triedAgain(w.checklist.items, fields, heading);
      const asked = askedOtherwise(w.checklist.items, w.plan);
      if (asked)
        w.checklist.askOtherwise({ ...asked, ...(w.plan.blocking.includes(asked.id) ? { blocking: true } : {}) }, now);
      w.checklist.reopen(again, now);
      const lines = [...new Set([...again, ...(asked && heading !== 'after' ? [asked.id] : [])])];
      w.linesOpened = lines.length > 0;
      // Else everybody hears of it with the page, when the lines are worked on again.
      if (!w.linesOpened) await w.crowd.turnPage();
      return {
        recorded:
          `${Object.keys(fields).join(', ')}: amended by ${by}` +
          (lines.length > 0 ? `; tried again: ${lines.join(', ')}` : ''),
      };
    },
    {
      validator: (input) => {
        const { fields } = readOrRefuse(amendInput, input);
        refuseUnlessItGoesOn(w);
        if (w.state.heading === 'after' && !isInGrace(w))
          refuseUpdate('the workshop is over: its removal is under way');
        if ('compute.nodeType' in fields && w.state.poolId !== undefined)
          refuseUpdate(
            `the pool is made of ${w.plan.compute.nodeType}, and a pool keeps its machines. Name another node type ` +
              'first among compute.fallbackNodeTypes: whoever finds the pool wanting gets that one',
          );
      },
    },
  );
}
