import { html, type Html } from './html.ts';
import type { Letter } from './kept-letters.ts';
import { moment, page, subjectOf } from './page.ts';

/**
 * One letter: as a program that shows HTML has it, beside its plain text.
 * @param count how many letters there are
 */
export function letterPage(letter: Letter, count: number): string {
  const { id, from, to, at, text, attachments } = letter;
  return page(
    subjectOf(letter),
    html`<nav>
        <a href="/">All letters</a>${id > 1 ? html`<a href="/letters/${id - 1}">The one before</a>` : []}${
          id < count ? html`<a href="/letters/${id + 1}">The next one</a>` : []
        }
      </nav>
      <h1>${subjectOf(letter)}</h1>
      <dl>
        <dt>To</dt>
        <dd>${to.join(', ')}</dd>
        <dt>From</dt>
        <dd>${from}</dd>
        <dt>Sent</dt>
        <dd>${moment(at)}</dd>
        ${attachments.length === 0 ? [] : attached(letter)}
      </dl>
      <div class="ways">
        ${letter.html === undefined ? [] : asShown(id)}
        <section>
          <h2>Its plain text</h2>
          <pre tabindex="0">${text}</pre>
        </section>
      </div>`,
  );
}

const attached = ({ id, attachments }: Letter): Html =>
  html`<dt>Attached</dt>
    <dd>
      ${attachments.map(
        ({ name, method }, index) =>
          html`<a href="/letters/${id}/attachments/${index}" download>${name}</a>${
              method === undefined
                ? []
                : html` (${method === 'CANCEL' ? 'takes the entry out of the calendar' : 'an entry for the calendar'})`
            } <br />`,
      )}
    </dd>`;

/** Whatever a letter has in it, nothing of it runs: the frame may do nothing at all. */
const asShown = (id: number): Html =>
  html`<section>
    <h2>As a mail program shows it</h2>
    <iframe sandbox src="/letters/${id}/html" title="The letter as a mail program shows it"></iframe>
    <p class="small">Its links lead nowhere from here.</p>
  </section>`;
