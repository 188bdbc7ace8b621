import { html } from 'hono/html';
import type { Step } from '../../../domain/verdict/steps.ts';
import type { Trouble } from '../../../domain/verdict/troubles.ts';
import { clockTime } from '../../../domain/clock/clock.ts';
import { LINES } from '../../../domain/replayed/checklist/lines.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { region, type Html } from '../document.ts';
import { askedFirst, press, writing } from '../forms.ts';

/** Everything that waits for a person, each with its button where the visitor may press it. */
export const nextRegion = ({ status, plan, at }: RoomView, { path, may }: { path: string; may: boolean }) => {
  const { steps, troubles } = status;
  const by = (due: number) => `, by ${clockTime(due, at, plan.timeZone)}`;
  return region(
    'next',
    html`<section id="next" class="next">
      <h2>What to do next</h2>
      ${steps.length + troubles.length === 0 ? html`<p class="small">Nothing waits for anybody.</p>` : ''}
      <ul class="steps">
        ${troubles.map((trouble) => troubleItem(trouble, path))}
        ${steps.map(
          (step) =>
            html`<li>
              <p>
                <strong>${step.title}</strong>
                <span class="small">${WHY[step.why]}${step.dueAt === undefined ? '' : by(step.dueAt)}</span>
              </p>
              ${step.said === undefined ? '' : html`<p class="words">${step.said}</p>`} ${whatToDo(step)}
              ${may ? buttonsOf(step, path) : ''}
            </li>`,
        )}
      </ul>
    </section>`,
  );
};

const WHY: Readonly<Record<Step['why'], string>> = {
  failed: 'failed',
  'held up': 'is held up',
  overdue: 'is overdue',
  asked: 'is asked',
  paused: '',
  gone: '',
};

/** A line that is longer, or more lines, would push everything else off the page. */
const LONGEST_LINE = 160;

const whatToDo = ({ line, toDo }: Step): Html =>
  toDo.length <= 1 && toDo.every((text) => text.length <= LONGEST_LINE)
    ? html`${toDo.map((text) => html`<p class="small">${text}</p>`)}`
    : html`<details id="how-${line}">
        <summary>What to do</summary>
        ${toDo.map((text) => html`<p class="small">${text}</p>`)}
      </details>`;

function buttonsOf({ line, why, command, otherwise }: Step, path: string): Html {
  const to = `${path}/lines/${line}`;
  if (line === 'resume') return press({ to: `${path}/resume`, label: 'Go on', look: 'main' });
  if (line === 'gone') return html`<p class="small">On the command line: <code>${command ?? ''}</code></p>`;
  const isSignOff = line in LINES && command?.includes(' sign-off ') === true;
  return html`<div class="presses">
    ${why === 'failed' && command !== undefined ? press({ to: `${to}/retry`, label: 'Try again', look: 'main' }) : ''}
    ${
      isSignOff
        ? askedFirst(
            `answer-${line}`,
            'Answer',
            html`${writing({
              to: `${to}/sign-off`,
              id: `note-${line}`,
              name: 'note',
              label: 'What was seen, in a sentence',
              button: 'Yes, it is so',
              most: 500,
              isNeeded: false,
              look: 'main',
            })}
            ${press({ to: `${to}/sign-off`, label: 'No, it is not', fields: { answer: 'no' } })}`,
          )
        : ''
    }
    ${
      otherwise !== undefined
        ? askedFirst(
            `waive-${line}`,
            'Go on without it',
            writing({
              to: `${to}/waive`,
              id: `reason-${line}`,
              name: 'reason',
              label: 'Why',
              button: 'Waive it',
              most: 500,
              look: 'danger',
            }),
          )
        : ''
    }
  </div>`;
}

const NAMES_SHOWN = 5;
const firstOf = (people: readonly string[]): string =>
  `${people.slice(0, NAMES_SHOWN).join(', ')}${people.length > NAMES_SHOWN ? ' …' : ''}`;

const troubleItem = ({ people, cause, toDo, meanwhile }: Trouble, path: string): Html =>
  html`<li>
    <p>
      <strong>${people.length === 1 ? people[0] : `${people.length} people`}</strong>
      <span class="small">${meanwhile === undefined ? '' : `now ${meanwhile}`}</span>
    </p>
    <p class="words">${cause}</p>
    <p class="small">${toDo}</p>
    ${people.length > 1 ? html`<p class="small">${firstOf(people)}</p>` : ''}
    <div class="presses">
      ${
        people.length === 1
          ? html`<a class="button" href="${path}?find=${encodeURIComponent(people[0] ?? '')}">Show</a>`
          : press({ to: `${path}/lines/all/retry`, label: 'Try everybody again' })
      }
    </div>
  </li>`;
