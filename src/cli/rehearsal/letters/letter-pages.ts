import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../loopback.ts';
import type { KeptLetters, LetterAttachment } from './kept-letters.ts';
import { letterPage } from './letter-page.ts';
import { listPage } from './list-page.ts';
import { STYLE } from './page.ts';

const HOST = '127.0.0.1';

/** Pages that show what a post office has. */
export interface LetterPages {
  readonly url: string;
  /** Whoever still looks is cut off. */
  close(): Promise<void>;
}

/** What the pages show, as it is when they are asked for. */
export interface Shown {
  readonly letters: Pick<KeptLetters, 'heads' | 'open'>;
  /** How many messages came by other channels than mail. */
  readonly posts: () => number;
}

const ALWAYS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
/** For what is no page, and so needs nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const OF_PAGES =
  "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A letter has its styles inline, because mail programs need them there. Nothing else of it may do anything. */
const OF_LETTERS =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** A number and nothing else leads to a letter: no path names a file. */
const LETTER = /^\/letters\/([1-9]\d{0,8})(?:\/(html)|\/attachments\/(\d{1,3}))?$/;

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly policy?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** Opens them, on loopback alone and at any free port. */
export async function openLetterPages(shown: Shown): Promise<LetterPages> {
  const server = createServer((request, response) => {
    request.resume();
    answerTo(request, shown).then(
      (answer) => send(response, answer),
      () => send(response, words(500, 'This letter could not be read.')),
    );
  });
  await new Promise<void>((settle, fail) => {
    server.once('error', fail);
    server.listen(0, HOST, settle);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

async function answerTo({ method, url = '/', headers }: IncomingMessage, { letters, posts }: Shown): Promise<Answer> {
  // A page from elsewhere whose name suddenly means this computer could read the letters otherwise.
  if (!isThisComputer(headers.host)) return words(403, 'These pages are for this computer: open them at 127.0.0.1.');
  if (method !== 'GET')
    return { ...words(405, 'Letters can be read here, and nothing else.'), headers: { allow: 'GET' } };
  const [path = '/'] = url.split('?', 1);
  if (path === '/') return pageOf(listPage(letters.heads(), posts()));
  if (path === '/style.css') return { type: 'text/css; charset=utf-8', body: STYLE };
  const [, id, html, index] = LETTER.exec(path) ?? [];
  const letter = id === undefined ? undefined : await letters.open(Number(id));
  if (letter === undefined) return NOT_HERE;
  if (html !== undefined) return letter.html === undefined ? NOT_HERE : { ...pageOf(letter.html), policy: OF_LETTERS };
  if (index === undefined) return pageOf(letterPage(letter, letters.heads().length));
  const attachment = letter.attachments[Number(index)];
  return attachment === undefined ? NOT_HERE : download(attachment);
}

const pageOf = (body: string): Answer => ({ type: 'text/html; charset=utf-8', policy: OF_PAGES, body });

const words = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
});

const NOT_HERE = words(404, 'There is no such letter. All that there are: /');

/** What opens a calendar is told that it is one; everything else is bytes to keep. */
const download = ({ name, type, method, bytes }: LetterAttachment): Answer => ({
  type:
    type === 'text/calendar'
      ? `text/calendar; charset=utf-8${method !== undefined && /^[A-Z]+$/.test(method) ? `; method=${method}` : ''}`
      : 'application/octet-stream',
  headers: { 'content-disposition': `attachment; filename*=UTF-8''${fileName(name)}` },
  body: bytes,
});

/** As RFC 8187 writes it. */
const fileName = (name: string): string =>
  encodeURIComponent(name.toWellFormed() || 'attachment').replaceAll(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function isThisComputer(host: string | undefined): boolean {
  const name = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d+)?$/i.exec(host ?? '')?.[1];
  return name !== undefined && isLoopback(name.toLowerCase());
}

function send(response: ServerResponse, { status = 200, type, policy = NOTHING, headers, body }: Answer): void {
  response.writeHead(status, { ...ALWAYS, ...headers, 'content-type': type, 'content-security-policy': policy });
  response.end(body);
}
