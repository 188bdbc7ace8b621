import { partsOfEvent, type PartOfEvent } from '../../../domain/event/parts-of-event.ts';
import { moment } from '../../../domain/clock/clock.ts';
import { EXIT } from '../../input/exit.ts';
import type { EventAndRoster } from '../../input/input-files.ts';
import { previewOf, type PlanPreview } from '../../input/plan-preview.ts';
import { withWorkspaces, hasCredentials, type SignedInOrNot } from '../../input/with-workspace.ts';
import { environmentsOf } from '../../../workspace-from-environment.ts';
import { inTheWayLines, summaryOf, type WorkspaceView } from '../../terminal/plan-page.ts';
import { print, printJson } from '../../terminal/output.ts';
import { styleFor, type Style } from '../../terminal/style.ts';
import { samePeopleIfAsked } from '../before/same-people.ts';
import { isInTheWay, unknownRuntime, viewIn, type PlanOptions } from '../before/view-of-workspace.ts';
import { nowhereLines, splitLines } from './split-lines.ts';

/** One workspace of an event, worked out, with what it says itself. */
interface PlannedPart {
  readonly part: PartOfEvent;
  readonly preview: PlanPreview;
  readonly view: WorkspaceView;
}

/**
 * Prints who would be in which workspace, and what each workshop comes to. The exit code says whether anything is in
 * the way in any workspace, or somebody has no place.
 */
export async function showEventPlan(file: string, read: EventAndRoster, options: PlanOptions): Promise<void> {
  const { offline, json, profile } = options;
  const { event } = read;
  const now = Date.now();
  const { parts, nowhere } = partsOfEvent(event, read);
  const addresses = event.parts.map(({ plan }) => plan.workspace);
  const silent = offline
    ? 'because of --offline'
    : hasCredentials(environmentsOf(process.env, profile)[0] ?? {})
      ? undefined
      : NO_CREDENTIALS;
  const planned = await (silent === undefined
    ? withWorkspaces(addresses, profile, (signedIn) => worked(parts, read, now, signedIn))
    : worked(parts, read, now, new Map(addresses.map((address) => [address, { silence: silent }]))));
  const [{ preview: first } = { preview: undefined }] = planned;
  const same =
    offline || !first
      ? []
      : await samePeopleIfAsked({
          id: event.id,
          people: read.people,
          timeline: first.timeline,
          timeZone: first.workshop.timeZone,
          event: event.id,
        });
  if (json)
    printJson({
      event: { id: event.id, title: event.title, split: event.split },
      parts: planned.map(({ part, preview, view }) => ({
        name: part.name,
        room: part.room,
        ...preview,
        workspace: view,
        summary: summaryOf(preview),
      })),
      nowhere,
      warnings: same,
    });
  else print(eventPage(file, read, { parts, nowhere, planned, same }, styleFor(process.stdout)).join('\n'));
  const isHeldUp = nowhere.length > 0 || planned.some(({ preview, view }) => isInTheWay(preview, view));
  process.exitCode = isHeldUp ? EXIT.notAsWanted : EXIT.ok;
}

const NO_CREDENTIALS =
  "The environment names no credentials: with the worker's, a profile for each workspace (--profile), this shows " +
  'what it may do.';

/** One workspace after the other: each is asked a dozen things. */
async function worked(
  parts: readonly PartOfEvent[],
  read: EventAndRoster,
  now: number,
  signedIn: ReadonlyMap<string, SignedInOrNot>,
): Promise<PlannedPart[]> {
  const planned: PlannedPart[] = [];
  for (const part of parts) {
    const given = { ...read, ...part };
    const there = signedIn.get(part.plan.workspace) ?? { silence: 'it was not asked' };
    if ('silence' in there) {
      planned.push({ part, preview: previewOf(given, now), view: { asked: false, because: there.silence } });
      continue;
    }
    const { view, read: seen } = await viewIn(there, given);
    const preview = previewOf(seen, now);
    const runtime = unknownRuntime(part.plan.compute.sparkVersion, view.runtimes);
    planned.push({ part, preview: { ...preview, warnings: [...preview.warnings, ...runtime] }, view });
  }
  return planned;
}

interface Worked {
  readonly parts: readonly PartOfEvent[];
  readonly nowhere: Parameters<typeof nowhereLines>[0];
  readonly planned: readonly PlannedPart[];
  /** Who is in another workshop at the same time, in words. */
  readonly same: readonly string[];
}

function eventPage(
  file: string,
  { event, people }: EventAndRoster,
  { parts, nowhere, planned, same }: Worked,
  style: Style,
): string[] {
  const first = planned[0]?.preview;
  const warnings = [...new Set([...planned.flatMap(({ preview }) => preview.warnings), ...same])];
  return [
    `${style.bold(event.title)}  ${style.dim(event.id)}`,
    ...(first
      ? [
          `${moment(first.timeline.start, first.workshop.timeZone)} to ` +
            moment(first.timeline.end, first.workshop.timeZone),
        ]
      : []),
    `${people.length} people in ${parts.length} workspaces, ${event.split}`,
    '',
    style.bold('Who is where'),
    ...splitLines(parts).map((line) => `  ${line}`),
    ...nowhereLines(nowhere).map((line) => `  ${style.red(line)}`),
    ...planned.flatMap(({ part, preview, view }) => [
      '',
      style.bold(`${part.name}  ${part.plan.workspace}`),
      `  ${summaryOf(preview)}`,
      ...(view.asked
        ? [`  Signed in as ${view.user} (workspace ${view.workspaceId}).`]
        : [`  Not asked: ${view.because}`]),
      ...(view.asked ? inTheWayLines(part.plan.id, view, style).map((line) => `  ${line}`) : []),
      style.dim(`  All of it: bin/workshop plan ${file}#${part.name}`),
    ]),
    ...(warnings.length > 0
      ? ['', style.bold('Mind'), ...warnings.map((warning) => `  ${style.yellow('!')} ${warning}`)]
      : []),
  ];
}
