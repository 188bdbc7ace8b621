import { EndedWithoutReport, NoAnswer, Refused, WrongSettings } from '../../../temporal/client-errors.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import type { Report } from '../../../domain/papers/report.ts';
import { SEAL_PURPOSE, type SealState } from '../../../domain/papers/report-seal.ts';
import { answersPage } from '../../../domain/papers/feedback-answers.ts';
import { reportPage } from '../../../domain/papers/report-page.ts';
import { PayloadEncryption } from '../../../temporal/encryption/payload-encryption.ts';
import { EXIT, WrongInput } from '../../input/exit.ts';
import { answersFrom, planAlone } from '../../input/input-files.ts';
import { localFolder } from '../../rehearsal/local-folder.ts';
import { isProven } from '../../../domain/replayed/ending/teardown-report.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { showEventReport } from '../several/show-event-report.ts';
import { reportInFolders, reportInVolume, type StoredReport } from '../../input/stored-report.ts';
import { withReader } from '../../input/with-client.ts';
import { inWorkshop, whichWorkshop } from '../../which/which-workshop.ts';
import { hasCredentials, withWorkspace } from '../../input/with-workspace.ts';

export interface ReportOptions {
  readonly folder: string;
  readonly plan?: string;
  readonly answers?: string;
  readonly json?: boolean;
}

/** Prints the report of a workshop that is over, from wherever there is one. @throws {WrongInput} @throws {NoAnswer} */
export async function showReport(given: string | undefined, options: ReportOptions): Promise<void> {
  const answers = options.answers === undefined ? undefined : await answersFrom(options.answers);
  const id = given ?? (await withReader((reader) => whichWorkshop(reader, given)));
  if (await showEventReport(id, options)) return;
  const plan = options.plan === undefined ? undefined : await planAlone(options.plan);
  const asked = await fromTemporal(id);
  const { report, seal } =
    asked === 'no answer' || asked === 'none'
      ? await stored(id, options, plan, asked)
      : { report: asked, seal: undefined };
  if (options.json) printJson({ ...report, ...(answers ? { answers } : {}) });
  else print([reportPage(report), ...(answers ? [answersPage(answers)] : [])].join(''));
  process.exitCode = isProven(report) && seal !== 'changed' ? EXIT.ok : EXIT.notAsWanted;
}

/** Without a report from Temporal, the reason is said, and whether Temporal could be asked at all. */
async function fromTemporal(id: string): Promise<Report | 'none' | 'no answer'> {
  try {
    return await inWorkshop(id, async (client) => {
      const report = await client.report(id);
      if (report) return report;
      throw new WrongInput(
        `"${id}" is not over: its report is the last thing it writes. See where it is: bin/workshop status ${id}`,
      );
    });
  } catch (error) {
    const cannotAsk = error instanceof NoAnswer || error instanceof WrongSettings;
    if (!(cannotAsk || error instanceof EndedWithoutReport || error instanceof Refused)) throw error;
    const [, ...near] = error.message.split('\n');
    const unknown = [`Temporal knows no workshop "${id}", or no longer.`, ...near].join(' ');
    say(`${error instanceof Refused ? unknown : error.message}\nLooking where reports are written …`);
    return cannotAsk ? 'no answer' : 'none';
  }
}

async function stored(
  id: string,
  { folder }: ReportOptions,
  plan: Plan | undefined,
  asked: 'none' | 'no answer',
): Promise<StoredReport> {
  const keys = PayloadEncryption.from(process.env).secretsFor(SEAL_PURPOSE);
  const found =
    (await reportInFolders([folder, localFolder()], id, keys)) ??
    (plan === undefined || !hasCredentials(process.env) ? undefined : await inVolume(plan, id, keys));
  if (found) {
    say(`From ${found.where}. ${SAID[found.seal]}`);
    return found;
  }
  const volumes = plan === undefined ? ' Name the plan with --plan to look in its logs volume too.' : '';
  if (asked === 'no answer')
    throw new NoAnswer(
      `Temporal could not be asked for the report of "${id}", and there is none in ` +
        `${folder}/${id}/report.json.${volumes}`,
    );
  throw new WrongInput(
    `There is no report of "${id}": not in Temporal, and not in ${folder}/${id}/report.json.${volumes}`,
  );
}

const inVolume = (plan: Plan, id: string, keys: readonly string[]): Promise<StoredReport | undefined> =>
  withWorkspace(plan.workspace, ({ workspace }) => reportInVolume(workspace, plan.unityCatalog.logs, id, keys));

/** Attendees' clusters write to the logs volume, and whoever may write there may change what lies there. */
const SAID: Readonly<Record<SealState, string>> = {
  'as written': 'Checked: it is as the worker wrote it (its HMAC fits).',
  'no seal':
    'UNCHECKED: it was written without WORKSHOP_PAYLOAD_KEY and carries no HMAC; whoever may write there could have ' +
    'changed it.',
  'no key':
    'UNCHECKED: it carries an HMAC, and WORKSHOP_PAYLOAD_KEY is not set here. Set it to the key that the worker had.',
  changed:
    'NOT TO BE RELIED ON: its HMAC does not fit. It was changed after it was written, or written with a key that is ' +
    'not among WORKSHOP_PAYLOAD_KEY and WORKSHOP_PAYLOAD_OLD_KEYS here.',
};
