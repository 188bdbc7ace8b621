import { condition, setHandler } from '@temporalio/workflow';
import { z } from 'zod';
import { lookUpInput, type LookUpAnswer } from '../../domain/replayed/checklist/requests.ts';
import { SECOND } from '../../domain/replayed/time/units.ts';
import { troubleOf } from '../shared/failures.ts';
import { lookUp } from '../shared/messages.ts';
import type { Lifecycle } from '../workshop/lifecycle.ts';
import { readOrRefuse } from '../workshop/refusals.ts';

/** Somebody sits there and waits, and the command line waits no longer than 20 seconds. */
const LONGEST_WAIT = 12 * SECOND;

/**
 * What the workspace says of people who are about to be added: the worker has its credentials, whoever adds them need
 * not. Changes nothing, and is answered also where the workspace is silent.
 */
export function hearRequestsToLookUp(w: Lifecycle): void {
  setHandler(
    lookUp,
    async (input) => {
      const { emails } = z.parse(lookUpInput, input);
      const answer: { is?: LookUpAnswer } = {};
      void ask(w, emails, answer);
      await condition(() => answer.is !== undefined || w.leaving, LONGEST_WAIT, {
        summary: 'for the workspace to answer',
      });
      return answer.is ?? { silence: 'no answer within twelve seconds' };
    },
    { validator: (input) => void readOrRefuse(lookUpInput, input) },
  );
}

/** Never throws: nobody waits for it once the time is over. */
async function ask(w: Lifecycle, emails: readonly string[], answer: { is?: LookUpAnswer }): Promise<void> {
  try {
    answer.is = { people: await w.calls.lookUpPeople(w.run, { emails }) };
  } catch (error) {
    answer.is = { silence: troubleOf(error).message };
  }
}
