import { html, type Html } from './html.ts';

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`.text;
}

/** `1 letter`, `140 letters`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const subjectOf = ({ subject }: { readonly subject: string }): string => subject || '(no subject)';

const WHEN = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** In the time zone of this computer, which is the reader's. */
export const moment = (at: number): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${WHEN.format(at)}</time>`;

/** Of every page; the pages' security policy allows no other. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --page: #fff; --soft: #59636e; --line: #d5dae0; --box: #f4f6f8;
  --link: #0b57d0 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --page: #16191d; --soft: #a3abb4; --line: #3a414a; --box: #20252b; --link: #8ab4f8 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 1280px; margin: 0 auto; padding: 20px 16px 40px; overflow-wrap: anywhere }
h1 { font-size: 22px; line-height: 1.3; margin: 12px 0 }
h2 { font-size: 15px; margin: 0 0 6px }
p { max-width: 72ch; margin: 0 0 12px }
a { color: var(--link) }
time, .small { color: var(--soft); font-size: 14px; white-space: nowrap }
.none { font-size: 18px; font-weight: 600 }
ol { list-style: none; margin: 0; padding: 0 }
.groups { border-top: 1px solid var(--line) }
.groups > li { border-bottom: 1px solid var(--line) }
.row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px 16px; padding: 10px 8px; color: inherit;
  text-decoration: none }
.row span { grid-row: 2; color: var(--soft); font-size: 14px }
.row:hover { background: var(--box) }
a.row strong { color: var(--link) }
summary.row { cursor: pointer }
summary strong::before { content: '▸ ' }
details[open] strong::before { content: '▾ ' }
.count { display: inline-block; padding: 0 8px; border-radius: 10px; background: var(--line); font-size: 13px }
details ol { padding: 0 8px 12px 24px; columns: 3 300px; column-gap: 24px }
details li { padding: 2px 0; break-inside: avoid }
nav { display: flex; flex-wrap: wrap; gap: 4px 20px }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 14px; margin: 0 0 20px }
dt { color: var(--soft) }
dd { margin: 0 }
.ways { display: grid; gap: 20px }
.ways > section { min-width: 0 }
iframe, pre { width: 100%; margin: 0; border: 1px solid var(--line); border-radius: 6px }
iframe { height: 80vh; min-height: 420px }
pre { padding: 14px; background: var(--box); font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap }
@media (max-width: 559px) { .row { grid-template-columns: minmax(0, 1fr) } }
@media (min-width: 660px) { pre { white-space: pre; overflow-x: auto; overflow-wrap: normal } }
@media (min-width: 1200px) { .ways { grid-template-columns: repeat(auto-fit, minmax(540px, 1fr)) } }
`;
