import { html } from 'hono/html';
import type { Silence } from '../../watch/workshop-watch.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { formatDuration } from '../../../domain/replayed/time/format-duration.ts';
import { shortMoment } from '../../../domain/clock/clock.ts';
import type { VerdictKind } from '../../../domain/verdict/verdict.ts';
import type { PartProgress } from '../../../domain/replayed/checklist/progress.ts';
import { region } from '../document.ts';

const SIGNS: Readonly<Record<VerdictKind, string>> = {
  'on track': '✔',
  over: '✔',
  late: '⏳',
  'needs you': '!',
  paused: '‖',
  cancelled: '–',
  broken: '✘',
  gone: '✘',
};

/** What a browser's tab says. */
export const titleOf = ({ status, plan }: Pick<RoomView, 'status' | 'plan'>): string =>
  `${status.verdict.kind}: ${plan.title}`;

/** How the workshop stands, and how old what is shown is, where it is not of this moment. */
export const verdictRegion = ({ status, plan, timeline }: RoomView, silence: Silence | undefined, now: number) =>
  region(
    'verdict',
    html`<section
      id="verdict"
      class="verdict is-${status.verdict.kind.replaceAll(' ', '-')}"
      aria-live="polite"
      data-title="${titleOf({ status, plan })}"
    >
      <p class="said">
        <span class="sign" aria-hidden="true">${SIGNS[status.verdict.kind]}</span> ${status.verdict.text}
      </p>
      <p class="small">
        ${plan.title} · ${shortMoment(timeline.start, plan.timeZone)}
        ${plan.timeZone}${status.next ? ` · next: ${status.next.name}` : ''}
      </p>
      ${(status.progress.parts ?? []).map((part) => html`<p class="small">${partWords(part)}</p>`)}
      ${status.stale === undefined ? '' : html`<p class="old">${status.stale}</p>`}
      ${
        silence === undefined
          ? ''
          : html`<p class="old">
              Not known anew for
              ${formatDuration(Math.max(1_000, Math.round((now - silence.since) / 10_000) * 10_000))}: ${silence.why}
            </p>`
      }
    </section>`,
  );

/** One workspace of an event, in a line. */
const partWords = ({ name, silence, heading, ready, people, failed = 0 }: PartProgress): string =>
  silence === undefined
    ? `${name}: ${ready} of ${people} ready, at "${heading}"${failed > 0 ? `, ${failed} failed` : ''}`
    : `${name}: ${silence}`;
