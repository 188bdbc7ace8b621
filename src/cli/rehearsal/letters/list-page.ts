import { html, type Html } from './html.ts';
import type { LetterHead } from './kept-letters.ts';
import { counted, moment, page, subjectOf } from './page.ts';

/**
 * All letters, those with the same subject as one row that opens: a hundred and forty invitations are one thing. The
 * row whose newest letter is the newest of all stands last.
 * @param posts how many messages came by other channels, of which only the number is known
 */
export function listPage(letters: readonly LetterHead[], posts: number): string {
  const groups = [...Map.groupBy(letters, ({ subject }) => subject).values()].toSorted(
    (one, other) => newestOf(one) - newestOf(other),
  );
  return page(
    'Letters',
    html`<h1>Letters</h1>
      ${letters.length === 0 ? NONE : about(letters.length)} ${posts === 0 ? [] : others(posts)}
      <ol class="groups">
        ${groups.map((group) => html`<li>${groupRow(group)}</li>`)}
      </ol>`,
  );
}

const NONE = html`<p class="none">No letter was sent yet.</p>
  <p>They appear here as soon as the worker has sent them by mail: load this page again to see.</p>`;

const about = (count: number): Html =>
  html`<p>
    ${counted(count, 'letter')}, the newest last; those with the same subject share a row. They came to a mail server on
    this computer, whose clock the times are by: nobody else got any. Load this page again to see newer ones.
  </p>`;

const others = (posts: number): Html =>
  html`<p>${counted(posts, 'message')} came by Slack, Teams or a webhook, too: those are counted here, not kept.</p>`;

const newestOf = (group: readonly LetterHead[]): number => group.at(-1)?.id ?? 0;

/** Several letters may be for one person. */
function whom(group: readonly LetterHead[]): string {
  const [first = '', ...others] = new Set(group.flatMap(({ to }) => to));
  return others.length === 0 ? first : `${first} and ${counted(others.length, 'other')}`;
}

function groupRow(group: readonly LetterHead[]): Html {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return html``;
  if (group.length === 1)
    return html`<a class="row" href="/letters/${first.id}"
      ><strong>${subjectOf(first)}</strong><span>${first.to.join(', ')}</span>${moment(first.at)}</a
    >`;
  return html`<details>
    <summary class="row">
      <strong>${subjectOf(first)} <b class="count">${group.length}</b></strong>
      <span>${whom(group)}</span>${moment(last.at)}
    </summary>
    <ol>
      ${group.map(({ id, to, at }) => html`<li><a href="/letters/${id}">${to.join(', ')}</a> ${moment(at)}</li>`)}
    </ol>
  </details>`;
}
