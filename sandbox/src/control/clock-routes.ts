import { z } from 'zod';
import { readControlBody } from './control-body.ts';
import { ControlRefusal } from './control-route.ts';
import type { ControlRoute, ControlWorld } from './control-route.ts';
import { isSpan, milliseconds } from '../time/span.ts';

const moved = z.union([z.strictObject({ advance: z.string() }), z.strictObject({ set: z.string() })]);

/** Further than any workshop lasts, and near enough for every date to be one. */
const FURTHEST_MS = 10 * 365 * 86_400_000;

/**
 * The sandbox's own clock, which can be set forward: everything due until then happens, each thing at its exact
 * moment.
 */
export function clockRoutes({ workspace, clock, acts }: ControlWorld): ControlRoute[] {
  const reading = (): unknown => {
    const now = workspace.advance();
    return { now: new Date(now).toISOString(), epoch_ms: now, ahead_ms: clock.ahead() };
  };
  return [
    {
      method: 'GET',
      path: 'clock',
      does: 'What time it is in the workspace, and how far that is ahead of this machine',
      handle: reading,
    },
    {
      method: 'POST',
      path: 'clock',
      does: 'Sets the clock forward, by a duration or to a moment',
      takes: [{ advance: '2h30m' }, { set: '2027-03-16T09:00:00Z' }],
      handle(call) {
        const now = workspace.advance();
        const forward = forwardMs(readControlBody(moved, call), now);
        if (forward < 0)
          throw new ControlRefusal(`The clock only goes forward: it is ${new Date(now).toISOString()} already.`);
        if (forward > FURTHEST_MS) throw new ControlRefusal('The clock can be set forward by ten years at most.');
        acts.setClock(clock.ahead() + forward);
        return reading();
      },
    },
  ];
}

function forwardMs(given: z.output<typeof moved>, now: number): number {
  if ('advance' in given) {
    if (!isSpan(given.advance))
      throw new ControlRefusal(
        `${JSON.stringify(given.advance.slice(0, 40))} is no duration: write it like 90s, 15m, 2h30m or 3d.`,
      );
    return milliseconds(given.advance);
  }
  const moment = /^\d{4}-\d\d-\d\dT/.test(given.set) ? Date.parse(given.set) : Number.NaN;
  if (Number.isNaN(moment))
    throw new ControlRefusal(
      `${JSON.stringify(given.set.slice(0, 40))} is no moment: write it like 2027-03-16T09:00:00Z.`,
    );
  return moment - now;
}
