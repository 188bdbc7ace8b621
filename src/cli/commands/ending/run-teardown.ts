import { setTimeout as wait } from 'node:timers/promises';
import type { WorkshopClient } from '../../../client.ts';
import { queuesOf } from '../../../domain/replayed/made/addresses.ts';
import { paceAt } from '../../../domain/replayed/time/pace.ts';
import { reportPage } from '../../../domain/papers/report-page.ts';
import type { KnownEvent } from '../../../domain/replayed/event/event.ts';
import { NoAnswer, WrongSettings } from '../../../temporal/client-errors.ts';
import type { TeardownReport } from '../../../domain/replayed/ending/teardown-report.ts';
import { refusedWords } from '../../../domain/replayed/claim/claim-words.ts';
import type { RemovalSettings } from '../../../domain/replayed/ending/removal-of.ts';
import { remainsOf, type Remains } from '../../../preview.ts';
import { claimedElsewhere } from '../../input/claimed-elsewhere.ts';
import { confirm } from '../../terminal/confirm.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { eventIdIn, planAlone } from '../../input/input-files.ts';
import { followProgress } from '../../terminal/follow-progress.ts';
import { isProven } from '../../../domain/replayed/ending/teardown-report.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { removalLines } from '../../terminal/removal-lines.ts';
import { patiently } from '../../input/patiently.ts';
import { osUser } from '../../input/who.ts';
import { withClient, withReader } from '../../input/with-client.ts';
import { withWorkspace, type SignedIn } from '../../input/with-workspace.ts';
import { whichWorkshop } from '../../which/which-workshop.ts';

export interface TeardownOptions {
  readonly dryRun?: boolean;
  readonly execute?: boolean;
  readonly keepPool?: boolean;
  readonly evenIfRunningElsewhere?: boolean;
  readonly speed: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What is to be removed: an id, and what its plan says, when a plan was given. */
interface Subject {
  readonly id: string;
  readonly workspace?: string;
  readonly deletePool: boolean;
  /** The volume that the plan names. */
  readonly scripts?: string;
}

const LOOK_MS = 1_000;

/** Lists what would go, or removes it and proves that it is gone. @throws {WrongInput} */
export async function runTeardown(given: string | undefined, options: TeardownOptions): Promise<void> {
  if (Boolean(options.dryRun) === Boolean(options.execute))
    throw new WrongInput('Say one of the two: --dry-run lists what would go, --execute removes it. Nothing was done.');
  const idOrFile = given ?? (await withReader((reader) => whichWorkshop(reader, given)));
  const event = await eventNamed(idOrFile);
  if (event) {
    const { teardownOfEvent } = await import('../several/teardown-of-event.ts');
    return teardownOfEvent(event, options, (part) => teardownOf({ ...part, deletePool: !options.keepPool }, options));
  }
  await teardownOf(await subjectOf(idOrFile, options), options);
}

async function teardownOf(subject: Subject, options: TeardownOptions): Promise<void> {
  await withWorkspace(subject.workspace, async (signedIn) => {
    const remains = await patiently(() => remainsOf(signedIn.workspace, subject.id));
    if (options.dryRun) return dryRun(subject, remains, signedIn, options);
    return withClient((client) => execute(client, subject, remains, signedIn, options));
  });
}

/** The event of this id, or of this plan; undefined where there is none, or Temporal is not there to ask. */
async function eventNamed(idOrFile: string): Promise<KnownEvent | undefined> {
  const id = ID.test(idOrFile) ? idOrFile : await eventIdIn(idOrFile);
  if (id === undefined) return undefined;
  return withReader((reader) => reader.event(id)).catch((error: unknown) => {
    if (error instanceof NoAnswer || error instanceof WrongSettings) return undefined;
    throw error;
  });
}

const ID = /^[a-z0-9][a-z0-9-]{0,39}$/;

async function subjectOf(idOrFile: string, { keepPool }: TeardownOptions): Promise<Subject> {
  if (ID.test(idOrFile)) return { id: idOrFile, deletePool: !keepPool };
  const { id, workspace, teardown, unityCatalog } = await planAlone(idOrFile);
  return { id, workspace, deletePool: teardown.deletePool && !keepPool, scripts: unityCatalog.scripts };
}

function dryRun(
  { id, deletePool }: Subject,
  remains: Remains,
  { workspace, me }: SignedIn,
  { json }: TeardownOptions,
): void {
  const goes = (kind: 'cluster' | 'pool') => kind === 'cluster' || deletePool;
  if (json)
    return printJson({
      workspace: { host: workspace.host, id: me.workspaceId },
      workshop: id,
      goes: remains.ours.filter(({ kind }) => goes(kind)),
      stays: [...remains.ours.filter(({ kind }) => !goes(kind)), ...remains.strangers, ...remains.theirs],
    });
  print(removalLines(id, workspace.host, remains, deletePool).join('\n'));
}

async function execute(
  client: WorkshopClient,
  subject: Subject,
  remains: Remains,
  { workspace, me }: SignedIn,
  options: TeardownOptions,
): Promise<void> {
  const { id } = subject;
  for (const line of removalLines(id, workspace.host, remains, subject.deletePool)) say(line);
  if ((await client.standing(id)) === 'running') return followed(client, id, options);

  const behind = await client.runLeftBehind(id);
  const found = [...new Set([...remains.runs, ...(behind === undefined ? [] : [behind])])];
  const volumes = subject.scripts === undefined ? remains.volumes : [subject.scripts];
  const force = options.evenIfRunningElsewhere === true;
  const theirs = force ? undefined : await claimedElsewhere(client, workspace, id, volumes);
  const runs = found.filter((runId) => runId !== theirs?.runId);
  if (theirs && found.includes(theirs.runId)) {
    if (runs.length === 0) throw new WrongInput(`${refusedWords(theirs)}\nNothing was removed.`);
    say(`${refusedWords(theirs)}\nWhat carries that run stays; the rest goes.`);
  }
  if (runs.length === 0) {
    if (options.json) printJson({ workshop: id, removed: [] });
    else print(`Nothing in ${workspace.host} carries the id "${id}", and no workflow of it runs.`);
    return;
  }
  if (!(await client.hasWorker(workspace.host, me.workspaceId))) {
    throw new WrongInput(
      `No worker takes work for ${workspace.host} on ${client.address}, so nobody would remove ` +
        'anything. Start one with the credentials of this workspace: bin/workshop worker. Nothing ' +
        'was done.',
    );
  }
  const goes = remains.ours.filter(({ run }) => theirs === undefined || run !== theirs.runId);
  await confirm(`Remove ${goes.length} things of "${id}" for good?`, options.yes);
  const removed: TeardownReport[] = [];
  for (const runId of runs)
    removed.push(
      await remove(
        client,
        { workshopId: id, runId, workspaceId: me.workspaceId },
        { deletePool: subject.deletePool, ...(volumes[0] === undefined || force ? {} : { claimVolume: volumes[0] }) },
        workspace.host,
        options,
      ),
    );
  const { ours } = await patiently(() => remainsOf(workspace, id));
  const left = ours.filter(({ kind }) => kind === 'cluster' || subject.deletePool);
  if (options.json) printJson({ workshop: id, removed, left });
  else print(removed.map(proofLine).join('\n'));
  for (const { kind, name, state } of left) say(`Left: ${kind} ${name} (${state})`);
  process.exitCode =
    left.length === 0 && removed.every((it) => it.left === undefined && it.proof.clusters + it.proof.pools === 0)
      ? EXIT.ok
      : EXIT.notAsWanted;
}

/** A lifecycle that runs does its own removing: it is asked to, and watched. */
async function followed(client: WorkshopClient, id: string, { yes, json }: TeardownOptions): Promise<void> {
  const { heading, workshop, checklist } = await client.progress(id);
  const isOver = heading === 'after';
  const isInGrace = isOver && checklist.some((item) => item.id === 'teardown' && item.state === 'waiting');
  if (isOver && !isInGrace) say(`"${workshop.title}" is over and removes everything by itself.`);
  else {
    say(
      isInGrace
        ? `"${workshop.title}" is over: the rest of its grace is skipped, and everything is removed.`
        : `"${workshop.title}" is running: it is cancelled, removes everything and writes its report.`,
    );
    await confirm(isInGrace ? 'Remove everything now?' : 'Cancel it and remove everything?', yes);
    await client.cancel(id, { by: osUser(), reason: 'teardown --execute' });
  }
  const { about } = await client.look(id);
  await followProgress(client, id, { quiet: json === true, ...(about ? { about } : {}) });
  const report = await client.result(id);
  if (json) printJson(report);
  else print(reportPage(report));
  process.exitCode = isProven(report) ? EXIT.ok : EXIT.notAsWanted;
}

async function remove(
  client: WorkshopClient,
  run: { workshopId: string; runId: string; workspaceId: string },
  settings: RemovalSettings,
  host: string,
  { speed }: TeardownOptions,
): Promise<TeardownReport> {
  const running = client.teardown({
    v: 1,
    run,
    pace: paceAt(speed),
    queues: queuesOf(host, run.workspaceId),
    ...settings,
  });
  for (let said = ''; ;) {
    const done = await Promise.race([running, wait(LOOK_MS, undefined)]);
    const now = done ?? (await client.removal(run.workshopId));
    const line =
      now === undefined
        ? ''
        : `${now.stage}: ${now.clustersDeleted} of ${now.clustersSeen} clusters ` +
          `removed${now.trouble ? `. Held up: ${now.trouble}` : ''}`;
    if (line !== said && line !== '') say(line);
    said = line;
    if (done) return done;
  }
}

const proofLine = ({ clustersDeleted, poolsDeleted, poolKept, proof, left }: TeardownReport): string =>
  left ??
  `${clustersDeleted} clusters and ${poolsDeleted} pools ` +
    `removed${poolKept ? '; the pool stays, with nothing idle' : ''}. Proof: empty listings at ` +
    `${proof.first ?? 'never'} and ${proof.second ?? 'never'}.`;
