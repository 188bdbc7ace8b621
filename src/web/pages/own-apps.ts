import { html } from 'hono/html';
import type { FromWorkspace } from '../watch/from-workspace.ts';
import type { Html } from './document.ts';

/** The apps that somebody made, each with its address where the workspace says it. */
export function appsList(workspace: FromWorkspace | undefined, email: string): Html | '' {
  const apps = workspace?.apps.get(email.toLowerCase()) ?? [];
  if (apps.length === 0) return '';
  return html`<h3>${apps.length === 1 ? 'App' : 'Apps'}</h3>
    <ul class="plain">
      ${apps.map(
        ({ name, url, state }) =>
          html`<li>
            ${url?.startsWith('http') ? html`<a href="${url}" rel="noreferrer noopener">${name}</a>` : name}, ${state}
          </li>`,
      )}
    </ul>`;
}
