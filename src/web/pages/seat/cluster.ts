import { html } from 'hono/html';
import type { Seat, SeatState } from '../../../domain/replayed/seat/seat.ts';
import { OWNER } from '../../visitor.ts';
import { region } from '../document.ts';
import { press } from '../forms.ts';
import { SIGNS } from '../seat-look.ts';

/** A wake takes about as long as the longest launch seen, or this, milliseconds. */
const USUAL_BOOT_MS = 3 * 60_000;

/** How somebody's own cluster is, in words for them, with a button where there is something to press. */
export const clusterRegion = (
  seat: Seat,
  { path, bootMs, isOver }: { path: string; bootMs: number; isOver: boolean },
) => {
  const isToWake = seat.state === 'asleep' && !seat.repair && !isOver;
  return region(
    'cluster',
    html`<section id="cluster" class="own-cluster is-${seat.state}" aria-live="polite">
      <h2>Your cluster</h2>
      <p class="standing"><span class="sign" aria-hidden="true">${SIGNS[seat.state]}</span> ${wordsOf(seat, bootMs)}</p>
      ${isToWake ? press({ to: `${path}/wake`, label: 'Wake it now', look: 'main' }) : ''}
    </section>`,
  );
};

/** Of each state, what its owner is told. */
const WORDS: Readonly<Record<SeatState, (about: string, hasCluster: boolean) => string>> = {
  ready: () => 'It runs. Connect with the lines below.',
  asleep: (about) => `It sleeps because nobody used it. Connecting wakes it, and so does this button: ${about}.`,
  starting: (about) => `It is waking: ${about}.`,
  creating: (about) => `It is being made and tried: ${about}.`,
  verifying: (about) => `It runs, and is being tried: ${about}.`,
  waiting: () => 'It is made as soon as it is its turn.',
  parked: () => 'It was made and tried, and rests until the workshop begins. There is nothing to do.',
  failed: (_, hasCluster) =>
    `Something is wrong with ${hasCluster ? 'it' : 'making it'}. Those who run the workshop see it, too; raise your ` +
    'hand below if nobody comes.',
  released: () => 'It was taken away: the workshop is over. Your work folder stays in the workspace.',
  enrolled: () => 'You have a place. Your cluster is made in the days before the workshop.',
};

function wordsOf({ state, repair, cluster }: Seat, bootMs: number): string {
  const minutes = Math.max(1, Math.ceil((bootMs || USUAL_BOOT_MS) / 60_000));
  const about = `about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  if (repair) return repair.by === OWNER ? `It is waking: ${about}.` : `It is being mended: ${about}.`;
  return WORDS[state](about, cluster !== undefined);
}
