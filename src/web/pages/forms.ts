import { html } from 'hono/html';
import type { Html } from './document.ts';

/** One press. */
interface Press {
  /** Where it is sent. */
  readonly to: string;
  readonly label: string;
  /** What a button that says little by itself is about, for whoever cannot see where it stands. */
  readonly about?: string;
  readonly look?: 'main' | 'danger';
  readonly fields?: Readonly<Record<string, string>>;
}

/** A button that does something, with or without a script. */
export const press = ({ to, label, about, look, fields = {} }: Press): Html =>
  html`<form method="post" action="${to}">
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${look ?? ''}">
      ${label}${about === undefined ? '' : html`<span class="unseen"> ${about}</span>`}
    </button>
  </form>`;

/** Opens before it does anything: what cannot be taken back is read first. */
export const askedFirst = (id: string, label: string, inside: Html): Html =>
  html`<details class="asks" id="${id}">
    <summary>${label}</summary>
    ${inside}
  </details>`;

interface Writing {
  readonly to: string;
  /** Unique on its page. */
  readonly id: string;
  readonly label: string;
  readonly button: string;
  readonly most: number;
  readonly name?: string;
  readonly look?: 'main' | 'danger';
  readonly isLong?: boolean;
  readonly isNeeded?: boolean;
  readonly beside?: Html | '';
}

/** A text and its button. */
export const writing = (of: Writing): Html =>
  html`<form method="post" action="${of.to}" class="writing">
    <label for="${of.id}">${of.label}</label>
    ${
      of.isLong
        ? html`<textarea
            id="${of.id}"
            name="${of.name ?? 'text'}"
            maxlength="${of.most}"
            rows="3"
            ${needed(of)}
          ></textarea>`
        : html`<input
            id="${of.id}"
            name="${of.name ?? 'text'}"
            maxlength="${of.most}"
            autocomplete="off"
            ${needed(of)}
          />`
    }
    ${of.beside ?? ''}
    <button class="${of.look ?? ''}">${of.button}</button>
  </form>`;

const needed = ({ isNeeded = true }: Writing) => (isNeeded ? html`required` : '');
