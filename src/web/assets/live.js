// Keeps a page as it is on the server. Without it, everything is there and every button works.
import { morph } from './morph.js';

const main = document.querySelector('[data-live]');
const notice = document.getElementById('connection');
const BEAT_MS = Number(main?.dataset.beatMs ?? 15_000);
const POLL_MS = Number(main?.dataset.pollMs ?? 4_000);
/** Some beats were missed: something on the way keeps the stream back. */
const QUIET_MS = 2.5 * BEAT_MS;
/** A server that is started again is back before anybody need be told. */
const LOST_MS = 1.5 * POLL_MS;
const STREAM_AGAIN_AFTER = 15;
/** While something is put in their place, proxies answer for it. */
const GONE_TIMES = 3;

let mark = main?.dataset.mark ?? '';
let heardAt = Date.now();
let source;
let polling = false;
let lost;
let isPressing = false;
/** What could not be shown yet: by the id of its element. */
const waiting = new Map();
let isOtherPage = false;
let renewing = false;
/** Something stands there that has no place any more: somebody writes into it. */
let hasLeft = false;

// What came of a press is said once, and not again whenever the page is loaded.
const here = new URL(location.href);
const said = here.searchParams.get('said');
if (said !== null) {
  here.searchParams.delete('said');
  history.replaceState(null, '', here);
}

function heard() {
  heardAt = Date.now();
  clearTimeout(lost);
  lost = undefined;
  if (notice.textContent !== '') notice.textContent = '';
}

function silent() {
  const at = new Date(heardAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const text = `No connection at the moment. What is shown is how it was at ${at}. It goes on by itself.`;
  if (notice.textContent !== text) notice.textContent = text;
}

function take({ mark: next, regions, isOther }) {
  heard();
  if (isOther) isOtherPage = true;
  else mark = next;
  for (const { id, html } of regions) waiting.set(id, html);
  show();
}

/** Nothing moves under a finger that is pressing. */
function show() {
  if (isPressing) return;
  if (isOtherPage) {
    void renew();
    return;
  }
  for (const [id, html] of waiting) {
    const there = document.getElementById(id);
    const template = document.createElement('template');
    template.innerHTML = html;
    const fresh = template.content.firstElementChild;
    if (!there || !fresh || !put(there, fresh)) waiting.delete(id);
  }
  prepare();
}

/** Whoever stands there keeps standing there, or beside it. */
function put(there, fresh) {
  const stood = document.activeElement;
  const keeps = morph(there, fresh);
  if (stood !== document.activeElement) {
    const again = stood.isConnected ? stood : stood.id && document.getElementById(stood.id);
    if (!again) there.setAttribute('tabindex', '-1');
    (again || there).focus({ preventScroll: true });
  }
  return keeps;
}

/** There are other parts than before: the whole page is asked for. */
async function renew() {
  if (renewing) return;
  renewing = true;
  try {
    const whole = new URL(location.href);
    if (said !== null) whole.searchParams.set('said', said);
    const answer = await fetch(whole, { cache: 'no-store', signal: AbortSignal.timeout(QUIET_MS) });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('[data-live]');
    if (fresh && !isPressing) {
      isOtherPage = false;
      waiting.clear();
      mark = fresh.dataset.mark;
      hasLeft = put(main, fresh);
      document.title = page.title;
      prepare();
    }
  } catch {
    // Asked for again below.
  }
  setTimeout(() => {
    renewing = false;
    if (isOtherPage) show();
  }, POLL_MS / 4);
}

const address = (what) => {
  const url = new URL(location.href);
  url.searchParams.set('mark', mark);
  return `${url.pathname.replace(/\/$/, '')}/${what}?${url.searchParams}`;
};

function listen() {
  source?.close();
  const opened = new EventSource(address('events'));
  source = opened;
  opened.addEventListener('changes', ({ data }) => {
    polling = false;
    take(JSON.parse(data));
  });
  opened.addEventListener('beat', () => {
    polling = false;
    heard();
  });
  // It comes again by itself; what answers with an error is asked in turn.
  opened.addEventListener('error', () => {
    lost ??= setTimeout(silent, LOST_MS);
    if (opened.readyState === EventSource.CLOSED) void poll();
  });
}

/** Ends early for whoever comes back to the page. */
const wait = (ms) =>
  new Promise((settle) => {
    const timer = setTimeout(settle, ms);
    document.addEventListener('visibilitychange', () => (clearTimeout(timer), settle()), { once: true });
  });

/** Asks in turn, until the stream says something after all. */
async function poll() {
  if (polling) return;
  polling = true;
  source.close();
  let gone = 0;
  for (let turn = 1; polling; turn += 1) {
    // Not all pages at once after something that all have met.
    await wait(POLL_MS * (0.5 + Math.random() / 2));
    if (!polling || document.hidden) continue;
    try {
      const answer = await fetch(address('changes'), { cache: 'no-store', signal: AbortSignal.timeout(QUIET_MS) });
      gone = [403, 404, 410].includes(answer.status) ? gone + 1 : 0;
      if (gone === GONE_TIMES) return location.reload();
      if (answer.ok) take(await answer.json());
      else silent();
    } catch {
      silent();
    }
    if (turn % STREAM_AGAIN_AFTER === 0) listen();
  }
}

/** What only a script can do is hidden without one. */
function prepare() {
  for (const button of document.querySelectorAll('button[data-copy][hidden]')) button.hidden = false;
  const { title } = document.querySelector('[data-title]')?.dataset ?? {};
  if (title && document.title !== title) document.title = title;
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy)?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    // Not over plain HTTP: select it, so that the keys of the system copy it.
    getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2_000);
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('button[data-copy]');
  if (button) void copy(button);
});

// A press that has begun is not made twice.
document.addEventListener('submit', ({ target }) => {
  setTimeout(() => target.querySelectorAll('button').forEach((button) => (button.disabled = true)));
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});

prepare();
if (main) {
  for (const name of ['pointerdown', 'pointerup', 'pointercancel'])
    addEventListener(name, () => {
      isPressing = name === 'pointerdown';
      // After the click that follows.
      if (!isPressing) setTimeout(show);
    });
  addEventListener('focusout', () => {
    if (hasLeft) isOtherPage = true;
    setTimeout(show);
  });
  listen();
  // A proxy that keeps the stream back tells nothing, not even beats.
  setInterval(() => {
    if (!polling && Date.now() - heardAt >= QUIET_MS) void poll();
  }, BEAT_MS / 3);
}
