import { composeLetter } from '../messages/compose-letter.ts';
import type { CommonValues, LetterName, LetterValues } from '../messages/letter-names.ts';
import type { Texts } from '../messages/letter-texts.ts';
import { withOwnTexts } from '../messages/own-wording.ts';
import { clockText, dayText } from '../messages/moments.ts';
import type { Language } from '../plan/fields/messages.ts';
import type { Plan } from '../plan/plan.ts';
import { appsWanted } from '../replayed/capacity/app-room.ts';
import type { Details } from '../replayed/seat/details.ts';
import type { Timeline } from '../replayed/time/timeline.ts';

/** A letter to one person: plain text, ready to be sent. */
export interface Letter {
  readonly letter: LetterName;
  readonly subject: string;
  readonly text: string;
  readonly language: Language;
}

/** What nobody could plan: clusters cannot download VS Code's server, so that laptops fetch it. */
interface FoundOut {
  readonly laptopsFetchServer?: boolean | undefined;
}
/** A plan from before `databricksCli` pins no version. */
export type LetterPlan = Pick<Plan, 'id' | 'title' | 'workspace' | 'timeZone' | 'contacts'> &
  Partial<Pick<Plan, 'databricksCli' | 'verifyAs' | 'feedback' | 'messages' | 'place' | 'apps'>> &
  FoundOut;

/** What is known of whoever reads it. */
export type Addressee =
  | (Pick<Details, 'name' | 'table'> & {
      /** The address of their own page. */
      readonly page?: string | undefined;
    })
  | undefined;
type LaptopPlan = Pick<LetterPlan, 'id' | 'workspace' | 'databricksCli' | 'apps' | 'laptopsFetchServer'>;

/**
 * What the person's laptop calls their cluster, and the profile it signs in with: the same in every letter, so that new
 * lines replace old ones.
 */
export function sshAlias(plan: Pick<Plan, 'id'>): string {
  return `workshop-${plan.id}`;
}

/** The line that makes one's own cluster reachable under its alias. Run twice, it replaces the first. */
export function sshSetupLine(plan: Pick<Plan, 'id'>, clusterId: string): string {
  return `databricks ssh setup --profile ${sshAlias(plan)} --name ${sshAlias(plan)} --cluster ${clusterId}`;
}

/** Whom apps do not concern is not sent to the network people for their host. */
const asksForApps = ({ apps }: LaptopPlan): boolean => apps === undefined || appsWanted(apps, 1) > 0;

/** The laptop check on macOS and Linux, with the two settings written. */
export function shellCheckLine(plan: LaptopPlan): string {
  const version = plan.databricksCli?.version;
  return (
    `sh check.sh --workspace ${plan.workspace} --name ` +
    `${sshAlias(plan)}${version === undefined ? '' : ` --cli ${version}`}${asksForApps(plan) ? '' : ' --no-apps'}` +
    `${plan.laptopsFetchServer ? ' --fetch-server' : ''} --fix`
  );
}

/** The same for Windows, as one line to paste: it runs where the execution policy forbids scripts, too. */
export function powershellCheckLine(plan: LaptopPlan): string {
  const version = plan.databricksCli?.version;
  return (
    `$env:WORKSHOP_WORKSPACE='${plan.workspace}'; ` +
    `$env:WORKSHOP_NAME='${sshAlias(plan)}';${version === undefined ? '' : ` $env:WORKSHOP_CLI='${version}';`}` +
    (asksForApps(plan) ? '' : " $env:WORKSHOP_NO_APPS='1';") +
    `${plan.laptopsFetchServer ? " $env:WORKSHOP_FETCH_SERVER='1';" : ''} ` +
    "$env:WORKSHOP_FIX='1'; iex (Get-Content -Raw .\\check.ps1)"
  );
}

/** What a letter needs that says when the workshop is. */
export interface Dated {
  readonly plan: LetterPlan;
  readonly to?: Addressee;
  readonly timeline: Pick<Timeline, 'start' | 'end'>;
  readonly clusterId?: string;
}

/** A week before: what to install, and the person's own line where a cluster exists already. */
export const invitation = (texts: Texts, { plan, timeline, to, clusterId }: Dated): Letter =>
  letter(texts, plan, to, 'invitation', {
    ...spanValues(plan, timeline),
    ...checkLines(plan),
    cluster: clusterId,
  });

/** When a person's cluster exists, or was replaced by another: their lines, and how to forget the old machine. */
export function newCluster(
  texts: Texts,
  {
    plan,
    to,
    clusterId: cluster,
    previousClusterId,
  }: {
    readonly plan: LetterPlan;
    readonly to?: Addressee;
    readonly clusterId: string;
    readonly previousClusterId?: string;
  },
): Letter {
  return previousClusterId === undefined
    ? letter(texts, plan, to, 'new-cluster', { cluster })
    : letter(texts, plan, to, 'another-cluster', { cluster, 'previous-cluster': previousClusterId });
}

/** What somebody types who has another cluster now, without a letter around it. */
export const linesForNewCluster = (plan: Pick<Plan, 'id'>, clusterId: string, previous?: string): string[] => [
  ...(previous === undefined ? [] : [`  ssh-keygen -R ${previous}`, `  ssh-keygen -R ${sshAlias(plan)}`]),
  `  ${sshSetupLine(plan, clusterId)}`,
  `  ssh ${sshAlias(plan)} check-claude`,
];

/** After the end: thanks, a question, and until when work can be saved. */
export function feedback(
  texts: Texts,
  {
    plan,
    timeline: { teardown },
    to,
    apps = [],
  }: {
    readonly plan: LetterPlan;
    readonly to?: Addressee;
    /** Names of apps that the person made. */
    readonly apps?: readonly string[];
    readonly timeline: Pick<Timeline, 'teardown'>;
  },
): Letter {
  const { feedback: place, title, timeZone } = plan;
  const isForm = place?.startsWith('https://') === true;
  return letter(texts, plan, to, 'feedback', {
    'removal-day': dayText(teardown, timeZone, languageOf(plan)),
    'removal-time': clockText(teardown, timeZone, languageOf(plan)),
    form: isForm ? place : undefined,
    mail: place && !isForm ? `${place} (mailto:${place}?subject=${encodeURIComponent(title)})` : undefined,
    person: flag(place === undefined),
    apps: apps.length === 0 ? undefined : apps.map((name) => `"${name}"`).join(', '),
    'apps-stopped': flag(plan.apps?.afterwards === 'stop'),
    'apps-deleted': flag(plan.apps?.afterwards === 'delete'),
    'apps-kept': flag(plan.apps?.afterwards === 'keep'),
  });
}

/** The parts of when a workshop is. */
export function spanValues(plan: LetterPlan, { start, end }: Dated['timeline']) {
  const on = (at: number) => dayText(at, plan.timeZone, languageOf(plan));
  const clock = (at: number) => clockText(at, plan.timeZone, languageOf(plan));
  return {
    day: on(start),
    from: clock(start),
    until: clock(end),
    'last-day': on(start) === on(end) ? undefined : on(end),
  };
}

/** The lines that check a laptop. */
export const checkLines = (plan: LaptopPlan) => ({
  'check-shell': shellCheckLine(plan),
  'check-powershell': powershellCheckLine(plan),
});

/** What is so, or is not, in the sections of a text. */
export const flag = (isSo: boolean): 'yes' | undefined => (isSo ? 'yes' : undefined);

const languageOf = (plan: LetterPlan): Language => plan.messages?.language ?? 'en';

/** A letter in the language of the plan. @param values of its placeholders, beside those of every letter */
export function letter<Name extends LetterName>(
  texts: Texts,
  plan: LetterPlan,
  to: Addressee,
  name: Name,
  values: LetterValues<Name>,
): Letter {
  const { leadFacilitator, databricksAdmin, networkSupport } = plan.contacts;
  const common: CommonValues = {
    title: plan.title,
    workspace: plan.workspace,
    alias: sshAlias(plan),
    'time-zone': plan.timeZone,
    facilitator: leadFacilitator.name,
    'facilitator-contact': leadFacilitator.contact,
    admin: databricksAdmin.name,
    'admin-contact': databricksAdmin.contact,
    network: networkSupport.name,
    'network-contact': networkSupport.contact,
    name: to?.name,
    place: plan.place,
    table: to?.table,
    page: to?.page,
    version: plan.databricksCli?.version,
    // Some workspaces forbid that anything runs in people's names.
    'runs-in-your-name': flag(plan.verifyAs !== 'events'),
    'fetches-server': flag(plan.laptopsFetchServer === true),
  };
  const language = languageOf(plan);
  return {
    letter: name,
    ...composeLetter(withOwnTexts(texts[language], plan.messages?.letters), name, { ...common, ...values }),
    language,
  };
}

/** `Tuesday, 16 March 2027 at 09:00 (Europe/Berlin)`. */
export function momentText(at: number, timeZone: string): string {
  return `${dayText(at, timeZone)} at ${clockText(at, timeZone)} (${timeZone})`;
}

/** The same from one moment to another, as letters in English say it. */
export function spanText(from: number, to: number, timeZone: string): string {
  const [first, last] = [dayText(from, timeZone), dayText(to, timeZone)];
  const end = clockText(to, timeZone);
  return `${first} at ${clockText(from, timeZone)} to ${first === last ? end : `${last} at ${end}`} (${timeZone})`;
}
