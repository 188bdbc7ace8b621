import { html } from 'hono/html';
import { shortMoment } from '../../../domain/clock/clock.ts';
import { hopLine } from '../../../domain/replayed/canary/hops.ts';
import type { Item, ItemState } from '../../../domain/replayed/checklist/item.ts';
import { HEADINGS } from '../../../domain/replayed/checklist/lines.ts';
import type { Region } from '../../live/regions.ts';
import type { Visitor } from '../../visitor.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { drawn, region, type Html } from '../document.ts';
import { topOf } from './room-page.ts';

const MARKS: Readonly<Record<ItemState, readonly [mark: string, word: string]>> = {
  waiting: ['◌', 'not yet'],
  running: ['▸', 'under way'],
  passed: ['✔', 'done'],
  failed: ['✘', 'failed'],
  waived: ['–', 'waived'],
  'signed off': ['✔', 'signed off'],
  unanswered: ['!', 'nobody answered'],
};

/** The guide from its first line to its last, each with what shows that it is so. */
export const checklistRegion = ({ status: { progress }, plan }: RoomView): Promise<Region> =>
  region(
    'guide',
    html`<div id="guide">
      ${HEADINGS.map((heading) => {
        const items = progress.checklist.filter((item) => item.heading === heading);
        return items.length === 0
          ? ''
          : html`<section class="heading ${heading === progress.heading ? 'is-open' : ''}">
              <h2>${heading.charAt(0).toUpperCase()}${heading.slice(1)}</h2>
              <ul class="guide">
                ${items.map((item) => itemLine(item, plan.timeZone))}
              </ul>
            </section>`;
      })}
    </div>`,
  );

function itemLine({ state, title, evidence, toDo, at, by, hops = [] }: Item, timeZone: string): Html {
  const [mark, word] = MARKS[state];
  return html`<li class="is-${state.replaceAll(' ', '-')}">
    <p>
      <span class="sign" aria-hidden="true">${mark}</span> ${title}
      <span class="small"
        >${word}${at === undefined ? '' : ` ${shortMoment(at, timeZone)}`}${by === undefined ? '' : ` by ${by}`}</span
      >
    </p>
    ${evidence ? html`<p class="words">${evidence}</p>` : ''}
    ${hops.map((hop) => html`<p class="small">${hopLine(hop)}</p>`)}
    ${toDo && (state === 'failed' || state === 'unanswered') ? html`<p class="small">${toDo}</p>` : ''}
  </li>`;
}

export const checklistPage = (regions: readonly Region[], visitor: Visitor): Html =>
  html`${topOf(visitor, 'Checklist')} ${drawn(regions, 'guide')}`;
