import { extendedBy } from '../../../domain/clock/extended.ts';
import { parseDuration } from '../../../domain/plan/duration.ts';
import { Refused } from '../../../temporal/client-errors.ts';
import { WrongInput } from '../../input/exit.ts';
import { moment } from '../../../domain/clock/clock.ts';
import { print, printJson } from '../../terminal/output.ts';
import { inWorkshop } from '../../which/which-workshop.ts';

export interface ExtendOptions {
  readonly by: string;
  readonly json?: boolean;
}

/**
 * Moves the end and the removal by that much; a workshop that was over goes on from now. @throws {WrongInput} for what
 * is no duration; {Refused} once things are being deleted.
 */
export async function extend(given: string | undefined, time: string, { by, json }: ExtendOptions): Promise<void> {
  const longer = durationOf(time);
  await inWorkshop(given, async (client, id) => {
    const { about } = await client.look(id);
    const { end: before } = await client.progress(id);
    if (!about) throw new Refused(`Nobody recorded the moments of "${id}": it was not started by this program.`);
    const { timeZone, timeline } = about;
    const grace = timeline.teardown - timeline.end;
    const { end, teardown } = extendedBy(longer, { end: before, teardown: timeline.teardown, grace }, Date.now());
    const receipt = await client.extend(id, { by, end, teardown });
    if (json) return printJson({ ...receipt, end, teardown });
    print(
      `${receipt.recorded}. It ends on ${moment(end, timeZone)}, and clusters are removed from ` +
        `${moment(teardown, timeZone)} on. Tell the room: nobody gets a letter about it.`,
    );
  });
}

function durationOf(text: string): number {
  try {
    const ms = parseDuration(text);
    if (ms > 0) return ms;
  } catch (error) {
    if (error instanceof RangeError) throw new WrongInput(error.message);
    throw error;
  }
  throw new WrongInput('That is no time at all: write how much longer it shall be, like 30m or 1h.');
}
