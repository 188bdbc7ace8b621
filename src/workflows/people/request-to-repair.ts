import { setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { repairInput, type Receipt } from '../../domain/replayed/checklist/requests.ts';
import { repair } from '../shared/messages.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { readOrRefuse, refuseUpdate } from '../workshop/refusals.ts';

/**
 * Somebody wants a person's cluster mended, whatever it says of itself: restarted first, then moved to another machine
 * under the same id, and only at last replaced. Nobody waits here for it.
 */
export function hearRequestsToRepair(w: Lifecycle): void {
  setHandler(
    repair,
    async (input): Promise<Receipt> => {
      const { email, by, stage } = z.parse(repairInput, input);
      const when = w.isPaused ? 'as soon as the workshop is resumed' : 'now';
      try {
        await w.crowd.repair(email, { stage, by, at: Date.now() });
      } catch {
        w.rollCall.soon();
        return {
          recorded: `${email}: their workflow was not there; it is looked for and started again. Ask once more`,
        };
      }
      return { recorded: `${email}: ${stage === 'new cluster' ? 'a new cluster' : stage}, ${when}, for ${by}` };
    },
    {
      validator: (input) => {
        const { email } = readOrRefuse(repairInput, input);
        if (!w.crowd.hasSeat(email)) refuseUpdate(`${email} has no seat in this workshop`);
        if (w.state.heading === 'after' || w.state.cancelled)
          refuseUpdate('the workshop is over: clusters are removed');
        if (w.state.elsewhere) refuseUpdate('another Temporal server runs this workshop: ask there');
      },
    },
  );
}
