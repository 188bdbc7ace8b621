import type { KnownWorkshop, WorkshopReader } from '../../../reader.ts';
import { NoAnswer, WrongSettings } from '../../../temporal/client-errors.ts';
import { eventIn } from '../../which/event-in.ts';
import { withReader } from '../../input/with-client.ts';
import { listedEnded, listedRunning, listLines, type ListedWorkshop } from '../../pages/listed-workshop.ts';
import { columnsOf } from '../../pages/wrapped.ts';
import { print, printJson } from '../../terminal/output.ts';
import { styleFor } from '../../terminal/style.ts';

export interface ListOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Of those that ended, so many are shown unless all are asked for. */
const ENDED_SHOWN = 10;

/** Prints every workshop that the server knows. */
export async function listWorkshops({ all, json }: ListOptions): Promise<void> {
  await withReader(async (reader) => {
    const known = await reader.workshops();
    const isRunning = ({ state }: KnownWorkshop) => state === 'running';
    const ended = known.filter((one) => !isRunning(one));
    const shown = all ? ended : ended.slice(0, ENDED_SHOWN);
    const workshops = await Promise.all([...known.filter(isRunning), ...shown].map((one) => learnt(reader, one)));
    if (json) return printJson(workshops);
    if (workshops.length === 0)
      return print(`No workshop is known on ${reader.address}. Start one with: bin/workshop start <plan>`);
    const style = styleFor(process.stdout);
    const notShown = ended.length - shown.length;
    print(listLines(workshops, { style, columns: columnsOf(process.stdout), notShown }).join('\n'));
    print(`\nMore about one: bin/workshop status ${workshops.length === 1 ? (workshops[0]?.id ?? '') : '<id>'}`);
  });
}

async function learnt(reader: WorkshopReader, known: KnownWorkshop): Promise<ListedWorkshop> {
  const event = await eventIn(known);
  return { ...(await listed(reader, known)), ...(event === undefined ? {} : { event }) };
}

async function listed(reader: WorkshopReader, known: KnownWorkshop): Promise<ListedWorkshop> {
  const { id, runId, state } = known;
  try {
    if (state !== 'running')
      return listedEnded(known, ...(await Promise.all([reader.beganWith(id, runId), reader.endedWith(id, runId)])));
    const told = reader.progress(id).catch((error: unknown) => {
      // Its first words: nobody answers, or the worker's code does not fit. `status` says the rest.
      if (error instanceof NoAnswer) return { silence: error.message.replace(/[:.] .*$/s, '') };
      throw error;
    });
    return listedRunning(known, ...(await Promise.all([reader.beganWith(id, runId), told])));
  } catch (error) {
    // One that is encrypted with another key hides none of the others.
    if (error instanceof WrongSettings) return { id, state, unknown: error.message };
    throw error;
  }
}
