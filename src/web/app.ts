import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { NoAnswer, Refused } from '../temporal/client-errors.ts';
import { ACTS } from './acts/acts.ts';
import { Once } from './acts/once.ts';
import { Said } from './acts/said.ts';
import { assets } from './assets.ts';
import { admitted } from './guard/admission.ts';
import { identityOf } from './guard/forwarded-identity.ts';
import { isFromHere } from './guard/own-pages.ts';
import { Turns } from './guard/turns.ts';
import { LivePages } from './live/live-pages.ts';
import { WAITS } from './live/waits.ts';
import type { Html } from './pages/document.ts';
import {
  wordsPage,
  FROM_ELSEWHERE,
  IS_OVER,
  NOT_HERE,
  NOT_YOURS,
  ROOT,
  SILENT,
  TOO_MANY,
  type Words,
} from './pages/words-page.ts';
import { pagesFor } from './pages-for.ts';
import type { Visitor } from './visitor.ts';
import type { WebParts } from './web-parts.ts';
import { Watches } from './watch/watches.ts';

const LARGEST_BODY = 32 * 1_024;
/** A page, its parts and some presses. */
const OF_A_LINK = { perSecond: 8, burst: 80 };
/** Whoever has no right link; a whole company may come from one address. */
const OF_STRANGERS = { perSecond: 5, burst: 100 };

/** The pages of all workshops that one Temporal server knows. */
export function webApp(parts: WebParts): { readonly app: Hono; readonly stop: () => void } {
  const base = parts.publicUrl === undefined ? '' : new URL(parts.publicUrl).pathname.replace(/\/+$/, '');
  const watches = new Watches(parts.client, parts.workspace);
  const pages = pagesFor({ ...parts, base, live: new LivePages(), waits: { ...WAITS, ...parts.waits } });
  const [said, once] = [new Said(), new Once()];
  const [links, strangers] = [new Turns(OF_A_LINK), new Turns(OF_STRANGERS)];
  const app = new Hono();

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // Without any, browsers do not say where a post comes from.
      referrerPolicy: 'same-origin',
      strictTransportSecurity: parts.publicUrl?.startsWith('https:') ? 'max-age=15552000' : false,
      xFrameOptions: 'DENY',
    }),
  );
  app.use(bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => words(c, FROM_ELSEWHERE, 413) }));
  app.get('/', (c) => words(c, ROOT, 200));
  app.get('/healthz', (c) => c.text('ok\n'));
  assets(app);

  app.get('/:id/:link', (c) => forVisitor(c, (visitor) => pages.front(c, visitor, noteOf(c))));
  for (const page of ['checklist', 'history', 'projector'])
    app.get(`/:id/:link/${page}`, (c) => forVisitor(c, (visitor) => pages.page(c, visitor, page)));
  for (const what of ['changes', 'events'] as const) {
    app.get(`/:id/:link/${what}`, (c) => forVisitor(c, (visitor) => pages.live(c, visitor, '', what)));
    for (const page of ['checklist', 'projector'])
      app.get(`/:id/:link/${page}/${what}`, (c) => forVisitor(c, (visitor) => pages.live(c, visitor, page, what)));
  }
  for (const [file, bytes] of parts.laptopChecks)
    app.get(`/:id/:link/${file}`, (c) =>
      forVisitor(c, () => c.body(Buffer.from(bytes), 200, { 'content-type': 'application/octet-stream' })),
    );
  app.post('/:id/:link/:act', (c) => act(c, c.req.param('act'), ''));
  app.post('/:id/:link/:about/:subject/:act', (c) =>
    act(c, `${c.req.param('about')} ${c.req.param('act')}`, c.req.param('subject')),
  );
  app.notFound((c) => words(c, NOT_HERE, 404));
  app.onError((error, c) =>
    words(c, error instanceof NoAnswer ? SILENT : { ...SILENT, heading: 'This page could not be made' }, 503),
  );
  return { app, stop: () => watches.stop() };

  function words(c: Context, of: Words, status: 200 | 403 | 404 | 409 | 413 | 429 | 503): Promise<Response> {
    return shown(c, wordsPage(base, of), status);
  }

  async function forVisitor(c: Context, show: (visitor: Visitor) => Response | Promise<Response>): Promise<Response> {
    const { id = '', link = '' } = c.req.param() as { id?: string; link?: string };
    const remote = getConnInfo(c).remote.address ?? '';
    const visitor = await visitorOf(c, id, link, remote);
    if (visitor === 'too many') return words(c, TOO_MANY, 429);
    if (visitor === 'silent') return words(c, SILENT, 503);
    if (visitor === undefined)
      return strangers.take(remote, Date.now()) ? words(c, NOT_HERE, 404) : words(c, TOO_MANY, 429);
    if (!links.take(`${id} ${link} ${visitor.name}`, Date.now())) return words(c, TOO_MANY, 429);
    return show(visitor);
  }

  async function visitorOf(c: Context, id: string, link: string, remote: string) {
    const identity = parts.signedInBy && identityOf(parts.signedInBy, { headers: c.req.raw.headers, remote });
    try {
      const watch = await watches.of(id, () => strangers.take(remote, Date.now()));
      return watch && (await admitted({ watch, link, path: `${base}/${id}/${link}`, identity }, parts.key));
    } catch (error) {
      return error instanceof RangeError || !strangers.take(remote, Date.now()) ? 'too many' : 'silent';
    }
  }

  function noteOf(c: Context) {
    return said.find(c.req.query('said') ?? '');
  }

  function act(c: Context, name: string, subject: string): Promise<Response> {
    return forVisitor(c, async (visitor) => {
      if (!isFromHere(c.req.raw, parts.publicUrl)) return words(c, FROM_ELSEWHERE, 403);
      const known = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
      if (known === undefined) return words(c, NOT_HERE, 404);
      if (!known.may.includes(visitor.role)) return words(c, NOT_YOURS, 403);
      if (visitor.view.isOver) return words(c, IS_OVER, 409);
      const fields = Object.fromEntries(
        Object.entries(await c.req.parseBody()).flatMap(([name, value]) =>
          typeof value === 'string' ? [[name, value] as const] : [],
        ),
      );
      const [text, isRefusal] = await once
        .do(JSON.stringify([visitor.view.id, name, subject, fields]), visitor.name, async () => {
          const { recorded } = await known.does(parts.client, visitor, {
            subject,
            fields,
          });
          return `${recorded.replace(/\.$/, '')}.`;
        })
        .then((outcome) => [outcome, false] as const)
        .catch((error: unknown) => {
          if (error instanceof Refused || error instanceof NoAnswer) return [error.message, true] as const;
          throw error;
        });
      await visitor.watch.lookAgain().catch(() => undefined);
      const query = chosenBefore(c.req.header('referer'));
      query.set('said', said.keep(text, isRefusal, Date.now()));
      if (name.startsWith('seats ') && name !== 'seats remove') query.set('seat', subject);
      return c.redirect(`${visitor.path}?${query.toString()}`, 303);
    });
  }
}

/** What was chosen on the page where the button is: it is shown again as it was. */
function chosenBefore(referer: string | undefined): URLSearchParams {
  const before = referer !== undefined && URL.canParse(referer) ? new URL(referer).searchParams : new URLSearchParams();
  const kept = new URLSearchParams();
  for (const name of ['by', 'find']) if (before.has(name)) kept.set(name, before.get(name) ?? '');
  return kept;
}

/** A page, never kept by anything on the way. */
export async function shown(
  c: Context,
  page: Html,
  status: 200 | 403 | 404 | 409 | 413 | 429 | 503 = 200,
): Promise<Response> {
  c.header('cache-control', 'no-store');
  return c.html(String(await page), status);
}
