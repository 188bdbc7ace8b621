import { html } from 'hono/html';
import { shortMoment, timeOfDay } from '../../../domain/clock/clock.ts';
import { sshAlias } from '../../../domain/papers/letters.ts';
import { evidenceText } from '../../../domain/papers/laptop-evidence.ts';
import type { Room } from '../../../domain/replayed/room/room.ts';
import { whatToSay } from '../../../domain/replayed/diagnosis/what-to-say.ts';
import type { Seat } from '../../../domain/replayed/seat/seat.ts';
import { attemptWords } from '../../../domain/verdict/attempts.ts';
import type { ClusterEvidence } from '../../../domain/verdict/cluster-evidence.ts';
import type { NextOfSeat } from '../../../domain/verdict/next-of-seat.ts';
import { SEAT_WORDS } from '../../../domain/verdict/seat-words.ts';
import type { SeatHistory } from '../../../reader.ts';
import { laptopOf } from '../../laptops.ts';
import type { FromWorkspace } from '../../watch/from-workspace.ts';
import type { RoomView } from '../../watch/room-view.ts';
import { appsList } from '../own-apps.ts';
import { region, type Html } from '../document.ts';
import { nameOf, SIGNS } from '../seat-look.ts';

/** All that is known of the seat that is open. */
export interface OpenSeat {
  readonly seat: Seat;
  readonly next: NextOfSeat;
  readonly history: SeatHistory | { readonly silence: string };
  readonly evidence: ClusterEvidence;
}

interface Around {
  readonly id: string;
  readonly path: string;
  readonly query: string;
  readonly room: Room;
  readonly workspace: FromWorkspace | undefined;
  readonly timeZone: string;
}

const ATTEMPTS_SHOWN = 12;

/** What changes by itself in a drawer: state, what is wrong, what comes next. */
export const standingRegion = ({ seat, next }: Pick<OpenSeat, 'seat' | 'next'>, timeZone: string) =>
  region(
    'standing',
    html`<div id="standing" aria-live="polite">
      <p class="standing">
        <span class="sign is-${seat.state}" aria-hidden="true">${SIGNS[seat.state]}</span> ${seat.state}:
        ${SEAT_WORDS[seat.state]}
      </p>
      ${whatToSay(seat).map(
        ({ cause, toDo }) =>
          html`<p class="words">${cause}</p>
            ${toDo ? html`<p><strong>What to do:</strong> ${toDo}</p>` : ''}`,
      )}
      <p class="small">Next: ${next.words}${next.at === undefined ? '' : ` ${shortMoment(next.at, timeZone)}`}</p>
    </div>`,
  );

/** What whoever helped there before wants the next one to know. */
export const notesRegion = ({ key }: Pick<Seat, 'key'>, { room, plan: { timeZone } }: RoomView) => {
  const notes = room.notes[key] ?? [];
  return region(
    'notes',
    html`<div id="notes">
      ${
        notes.length === 0
          ? ''
          : html`<h3>Notes</h3>
              <ul class="log">
                ${notes.map(({ by, at, text }) => html`<li>${timeOfDay(at, timeZone)} ${by}: ${text}</li>`)}
              </ul>`
      }
    </div>`,
  );
};

/** One seat, opened beside the room: how it is, what was tried, what can be done. */
export function drawer(open: OpenSeat, part: (id: string) => Html, around: Around): Html {
  const { seat, evidence } = open;
  const { path, query, timeZone, room, id } = around;
  const { cluster, proof, saved, details, email, role } = seat;
  const when = (at: number) => shortMoment(at, timeZone);
  return html`<aside id="drawer" class="drawer" aria-labelledby="drawer-name" tabindex="-1">
    <p class="close"><a href="${path}?${query}#open-${seat.key}">Close</a></p>
    <h2 id="drawer-name">${nameOf(seat)}</h2>
    <p class="small">
      ${[email, details?.table && `table ${details.table}`, details?.role, role === 'attendee' ? '' : role]
        .filter(Boolean)
        .join(', ')}
    </p>
    ${part('standing')} ${part('acts')} ${part('notes')}
    <h3>Cluster</h3>
    ${
      cluster
        ? html`<dl class="facts">
            <div>
              <dt>Id</dt>
              <dd><code>${cluster.id}</code></dd>
            </div>
            <div>
              <dt>Name</dt>
              <dd>${cluster.name}</dd>
            </div>
            <div>
              <dt>State</dt>
              <dd>${cluster.state}, launched ${when(cluster.launchedAt)}</dd>
            </div>
            <div>
              <dt>They type</dt>
              <dd><code>ssh ${sshAlias({ id: seat.isIn?.id ?? id })}</code></dd>
            </div>
            ${
              proof
                ? html`<div>
                    <dt>Last look</dt>
                    <dd>${when(proof.at)}: ${proof.ok ? '' : 'failed: '}${proof.said}</dd>
                  </div>`
                : ''
            }
            ${
              saved
                ? html`<div>
                    <dt>Their files</dt>
                    <dd>${when(saved.at)}: ${saved.said}</dd>
                  </div>`
                : ''
            }
          </dl>`
        : html`<p>There is none yet.</p>`
    }
    <h3>Laptop</h3>
    <p>${connectedWords(around.workspace, email, when)} ${laptopWords(room, seat.key)}</p>
    ${appsList(around.workspace, email)}
    <h3>What was tried</h3>
    ${attempts(open, timeZone)}
    <h3>What the workspace says</h3>
    <p>${[evidence.state, evidence.message].filter(Boolean).join(': ')}</p>
    <ul class="log">
      ${evidence.events.map(
        ({ at, type, said }) => html`<li>${timeOfDay(at, timeZone)} ${[type, said].filter(Boolean).join(': ')}</li>`,
      )}
      ${evidence.missing.map((why) => html`<li>${why}</li>`)}
    </ul>
    ${
      evidence.initLog
        ? html`<details id="init-log">
            <summary>Last lines of its init log</summary>
            <pre tabindex="0">${evidence.initLog.lines.join('\n')}</pre>
          </details>`
        : ''
    }
  </aside>`;
}

function connectedWords(workspace: FromWorkspace | undefined, email: string, when: (at: number) => string): string {
  const one = workspace?.connected.get(email);
  if (one === undefined) return '';
  if (one.state === 'connected') return `Connected${one.since === undefined ? '' : ` since ${when(one.since)}`}.`;
  return one.until === undefined ? 'Not connected yet today.' : `Not connected now; last until ${when(one.until)}.`;
}

function laptopWords(room: Room, key: string): string {
  const evidence = laptopOf(room, key);
  return evidence ? evidenceText(evidence) : 'No laptop check was handed in.';
}

function attempts({ seat, history }: OpenSeat, timeZone: string): Html {
  if ('silence' in history) return html`<p>When and how is not known: ${history.silence}</p>`;
  const shown = history.attempts.slice(-ATTEMPTS_SHOWN);
  const earlier = history.attempts.length - shown.length;
  return html`<p class="small">
      ${seat.clusters} ${seat.clusters === 1 ? 'cluster' : 'clusters'}
      made${seat.lost ? `, ${seat.lost.launches} launches lost` : ''}
      ${earlier > 0 ? `, ${earlier} earlier attempts` : ''}
    </p>
    <ul class="log">
      ${shown.map((attempt) => html`<li>${timeOfDay(attempt.at, timeZone)} ${attemptWords(attempt)}</li>`)}
    </ul>`;
}
