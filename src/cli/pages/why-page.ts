import { sshAlias, sshSetupLine } from '../../domain/papers/letters.ts';
import type { Kept } from '../../domain/replayed/outbox/outbox.ts';
import type { Seat } from '../../domain/replayed/seat/seat.ts';
import { whatToSay } from '../../domain/replayed/diagnosis/what-to-say.ts';
import { formatDuration } from '../../domain/replayed/time/format-duration.ts';
import { attemptWords } from '../../domain/verdict/attempts.ts';
import type { SeatHistory } from '../../reader.ts';
import { shortMoment, timeOfDay } from '../../domain/clock/clock.ts';
import { deliveryLines } from '../terminal/delivery-lines.ts';
import { oneLine, type Style } from '../terminal/style.ts';
import type { ClusterEvidence } from '../../domain/verdict/cluster-evidence.ts';
import { SEAT_WORDS } from '../../domain/verdict/seat-words.ts';
import type { NextOfSeat } from '../../domain/verdict/next-of-seat.ts';
import { wrapped } from './wrapped.ts';

/** All that is known of one person's seat. */
export interface Why {
  readonly id: string;
  readonly seat: Seat;
  readonly timeZone: string;
  readonly now: number;
  readonly next: NextOfSeat;
  readonly history: SeatHistory | { readonly silence: string };
  readonly evidence: ClusterEvidence;
  /** What was sent to them by a channel of the plan, and what has become of it. */
  readonly messages: readonly Kept[];
  /** The lifecycle has ended from outside: nothing goes on by itself. */
  readonly isGone: boolean;
}

const ATTEMPTS_SHOWN = 12;

/** Everything about one person, in lines of at most `columns` characters. */
export function whyPage(why: Why, style: Style, columns: number): string[] {
  const { seat, timeZone, now } = why;
  const when = (at: number) => `${shortMoment(at, timeZone)} (${ago(at, now)})`;
  const part = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', style.bold(heading), ...lines.flatMap((line) => indented(line, columns))];
  const said = whatToSay(seat);
  return [
    ...wrapped(`${style.bold(seat.email)}: ${seat.state}, ${SEAT_WORDS[seat.state]}.`, columns),
    style.dim(`Times are those of ${timeZone}.`),
    ...part(
      'What is wrong',
      said.flatMap(({ cause, toDo }) => [oneLine(cause), ...(toDo ? [`What to do: ${oneLine(toDo)}`] : [])]),
    ),
    ...part('What comes next', nextLines(why, when)),
    ...part('Cluster', clusterLines(why, when)),
    ...part('Attempts so far', attemptLines(why)),
    ...part('Messages', messageLines(why)),
    ...part('What the workspace says now', evidenceLines(why)),
    ...part(
      'Last lines of the init log',
      why.evidence.initLog ? [why.evidence.initLog.path, ...why.evidence.initLog.lines.map(oneLine)] : [],
    ),
  ];
}

const ago = (at: number, now: number): string =>
  at <= now ? `${formatDuration(now - at)} ago` : `in ${formatDuration(at - now)}`;

/** A command stays on one line, however long: it is to be copied. */
const COMMAND = /^(?:databricks|ssh) /;

const indented = (line: string, columns: number): string[] =>
  COMMAND.test(line)
    ? [`    ${line}`]
    : wrapped(line, columns - 4).map((piece, n) => (n === 0 ? `  ${piece}` : `    ${piece}`));

function nextLines({ id, seat, next, isGone }: Why, when: (at: number) => string): string[] {
  if (isGone)
    return ['Nothing by itself: the lifecycle of this workshop has ended from outside. See: bin/workshop status ' + id];
  const line = next.at === undefined ? next.words : `${next.words} ${when(next.at)}.`;
  return seat.state === 'failed' ? [line, `At once: bin/workshop retry ${id} ${seat.email}`] : [line];
}

function clusterLines({ id, seat }: Why, when: (at: number) => string): string[] {
  const { cluster, proof, saved } = seat;
  if (!cluster) return ['There is none yet.'];
  return [
    `${cluster.id}  ${cluster.name}`,
    `${cluster.state} as the workshop last saw it; launched ${when(cluster.launchedAt)}.`,
    ...(cluster.shared
      ? ["On the person's laptop, once, and then:", sshSetupLine({ id }, cluster.id), `ssh ${sshAlias({ id })}`]
      : ["On the person's laptop (their letter has the line that sets it up):", `ssh ${sshAlias({ id })}`]),
    ...(proof ? [`Last look, ${when(proof.at)}: ${proof.ok ? '' : 'failed: '}${oneLine(proof.said)}`] : []),
    ...(saved ? [`Files outside the work folder, ${when(saved.at)}: ${oneLine(saved.said)}`] : []),
  ];
}

function attemptLines({ seat, history, timeZone, now }: Why): string[] {
  const { clusters, failures, lost, failedLaunches } = seat;
  const summary = [
    `${clusters} ${clusters === 1 ? 'cluster' : 'clusters'} made`,
    ...(failures > 0 ? [`${failures} ${failures === 1 ? 'failure' : 'failures'} since it was last well`] : []),
    ...(lost ? [`${lost.launches} ${lost.launches === 1 ? 'launch' : 'launches'} lost`] : []),
    ...(failedLaunches
      ? [`${failedLaunches.inARow} failed in a row${failedLaunches.onEveryMachine ? ', on every machine tried' : ''}`]
      : []),
  ].join(', ');
  if ('silence' in history) return [`${summary}.`, `When and how is not known: ${history.silence}`];
  const shown = history.attempts.slice(-ATTEMPTS_SHOWN);
  const earlier = history.attempts.length - shown.length;
  const day = (at: number) => shortMoment(at, timeZone).slice(0, 6);
  const today = day(now);
  return [
    `${summary}.`,
    ...(history.isCutOff ? ['What was tried first is no longer known: Temporal has forgotten it.'] : []),
    ...(earlier > 0 ? [`… ${earlier} earlier ones: --json`] : []),
    ...shown.map(
      (attempt) =>
        `${day(attempt.at) === today ? '' : `${day(attempt.at)} `}${timeOfDay(attempt.at, timeZone)}  ` +
        oneLine(attemptWords(attempt)),
    ),
  ];
}

function messageLines({ id, messages, timeZone }: Why): string[] {
  return messages.flatMap((message) => [
    ...deliveryLines(message, timeZone).map((line) => `${oneLine(message.subject)}: ${line}`),
    ...(Object.values(message.deliveries).some(({ is }) => is === 'refused' || is === 'in doubt')
      ? [`Once more: bin/workshop messages resend ${id} ${message.key}`]
      : []),
  ]);
}

function evidenceLines({ evidence, timeZone }: Why): string[] {
  const { state, message, events, missing } = evidence;
  return [
    ...(state === undefined ? [] : [`${state}${message ? `: ${oneLine(message)}` : ''}`]),
    ...events.map(({ at, type, said }) => `${timeOfDay(at, timeZone)}  ${type}${said ? `: ${oneLine(said)}` : ''}`),
    ...missing,
  ];
}
