import { html, raw } from 'hono/html';
import type { Region } from '../live/regions.ts';
import type { Waits } from '../live/waits.ts';

export type Html = ReturnType<typeof html>;

/** What every page has around it. */
export interface DocumentParts {
  readonly title: string;
  /** Where assets are found, without a slash at its end. */
  readonly base: string;
  readonly body: Html;
  readonly look: 'room' | 'seat' | 'projector' | 'words';
  /** Of a page that changes by itself. */
  readonly mark?: string;
  /** What its script waits for. */
  readonly waits?: Pick<Waits, 'beatMs' | 'pollMs'>;
}

/** Without a script what hangs on a wall is loaded anew by itself; where somebody may be writing, only they do it. */
const RELOADED = html`<noscript><meta http-equiv="refresh" content="30" /></noscript>`;
const RELOAD = html`<noscript
  ><p class="reload"><a href="">Show what is new</a></p></noscript
>`;

/** A whole page. */
export function pageOf({ title, base, body, look, mark, waits }: DocumentParts): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="${base}/assets/style.css" />
        <link rel="icon" href="${base}/assets/icon.svg" type="image/svg+xml" />
        ${look === 'projector' ? RELOADED : ''}
        <script src="${base}/assets/live.js" type="module"></script>
      </head>
      <body class="on-${look}">
        <a class="skip" href="#main">To the contents</a>
        ${mark === undefined || look === 'projector' ? '' : RELOAD}
        <p class="silent-notice" id="connection" role="status"></p>
        <main id="main" tabindex="-1" ${mark === undefined ? '' : liveOf(mark, waits)}>${body}</main>
      </body>
    </html>`;
}

const liveOf = (mark: string, waits: DocumentParts['waits']): Html =>
  html`data-live data-mark="${mark}"
  ${waits === undefined ? '' : html`data-beat-ms="${waits.beatMs}" data-poll-ms="${waits.pollMs}"`}`;

/** A sentence as a page shows it. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A part that was drawn already. */
export const drawn = (regions: readonly Region[], id: string): Html =>
  raw(regions.find((region) => region.id === id)?.html ?? '');

/** A region from a template, whose element has that id. */
export const region = async (id: string, element: Html): Promise<Region> => ({ id, html: String(await element) });
