import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { attendeeAddress } from '../../domain/replayed/made/addresses.ts';
import { MESSAGES } from '../../domain/replayed/made/temporal-names.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import type { ActivityDeps } from '../deps.ts';

/** How a seat stands, as its cohort is told. */
interface SeatReport {
  readonly key: string;
  readonly seq: number;
  readonly seat: Seat;
  readonly closed: boolean;
}

/** One message, and whom it is for. */
export interface Told {
  /** Keys of seats. */
  readonly to: readonly string[];
  /** The signal's name. */
  readonly signal: string;
  /** Nothing for a signal that says all by its name. */
  readonly content?: unknown;
}

/** So many workflows are told at once. */
const AT_ONCE = 20;

/** Milliseconds for which reports of a cohort's seats are gathered: nobody notices, and many leave together. */
const GATHERED_FOR = 250;
/** In one signal: a seat is about a kilobyte. */
const MOST_REPORTS = 200;

/** Reports that wait to leave for one cohort, and the promise of those who wait with them. */
interface Waiting {
  readonly reports: SeatReport[];
  readonly left: Promise<void>;
}

/** What cohorts and their seats tell each other, many messages for the price of one. */
export const tellingActivities = ({ temporal }: Pick<ActivityDeps, 'temporal'>) => {
  const tell = async (workflowId: string, signal: string, content: unknown): Promise<boolean> => {
    try {
      const handle = temporal.workflow.getHandle(workflowId);
      await (content === undefined ? handle.signal(signal) : handle.signal(signal, content));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

  const waiting = new Map<string, Waiting>();
  const leave = async (cohort: string, reports: readonly SeatReport[]): Promise<void> => {
    await pause(GATHERED_FOR);
    waiting.delete(cohort);
    await tell(cohort, MESSAGES.seatReports, reports);
  };

  return {
    /**
     * Tells a cohort how a seat stands, in one signal with what other seats of it report at the same time. Each report
     * carries a number, so that one that comes twice does no harm. A cohort that is gone needs none.
     * @param cohort its workflow id
     */
    async tellCohort({ cohort, report }: { readonly cohort: string; readonly report: SeatReport }): Promise<void> {
      const open = waiting.get(cohort);
      if (open && open.reports.length < MOST_REPORTS) {
        open.reports.push(report);
        return open.left;
      }
      const reports = [report];
      const left = leave(cohort, reports);
      waiting.set(cohort, { reports, left });
      return left;
    },

    /**
     * Tells each seat what is for it, in order. Tried again, everybody hears once more: all that is told does no harm
     * twice. Heartbeats. Returns the keys of those whose workflow is not there to hear.
     */
    async tellAttendees({
      workshopId,
      told,
    }: {
      readonly workshopId: string;
      readonly told: readonly Told[];
    }): Promise<string[]> {
      const each = new Map<string, Told[]>();
      for (const one of told) for (const key of one.to) each.set(key, [...(each.get(key) ?? []), one]);
      const absent: string[] = [];
      const left = [...each];
      const tellNext = async (): Promise<void> => {
        for (let next = left.shift(); next; next = left.shift()) {
          const [key, messages] = next;
          for (const { signal, content } of messages)
            if (!(await tell(attendeeAddress(workshopId, key), signal, content))) {
              absent.push(key);
              break;
            }
          Context.current().heartbeat();
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, tellNext));
      return absent;
    },
  };
};
