import type { WorkshopClient } from '../../../client.ts';
import { UnreachableError, type Addressed, type Workspace } from '../../../databricks/workspace.ts';
import { firstRequest } from '../../../domain/money/first-request.ts';
import { loadRequest } from '../../../domain/money/load-request.ts';
import {
  judgeLoad,
  loadCost,
  loadEvidence,
  moments,
  requestsAMinute,
  type Load,
  type LoadResult,
  type Sample,
} from '../../../domain/money/load-test.ts';
import type { Plan } from '../../../domain/plan/plan.ts';
import { requestsPerPrompt } from '../../../domain/replayed/capacity/requests-of-a-prompt.ts';
import { gatewayOf, headersOf } from '../../../domain/replayed/made/claude-settings.ts';
import { adviceFor } from '../../../domain/money/serving-answers.ts';
import { confirm } from '../../terminal/confirm.ts';
import { EXIT, NotAsWanted, WrongInput } from '../../input/exit.ts';
import { examplePlan, planFrom, planRead } from '../../input/input-files.ts';
import { withListedModel, type ReadPlan } from '../../input/listed-model.ts';
import { runLoad } from '../../input/load-run.ts';
import { print, printJson, say } from '../../terminal/output.ts';
import { oneLine } from '../../terminal/style.ts';
import { untilStopped } from '../../input/until-stopped.ts';
import { withClient } from '../../input/with-client.ts';
import { withWorkspace } from '../../input/with-workspace.ts';

export interface LoadTestOptions {
  readonly attendees?: number;
  readonly minutes: number;
  readonly for?: string;
  readonly by: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const ITEM = 'serving-capacity';
/** Enough for ten thousand answers a minute that take six seconds each. */
const MOST_IN_FLIGHT = 1_000;
const PROGRESS_MS = 10_000;

/** Asks, loads the model, prints what came of it and signs off with it. @throws {WrongInput} @throws {NotAsWanted} */
export async function runLoadTest(file: string | undefined, options: LoadTestOptions): Promise<void> {
  const { people, ...given } = await loadOf(file, options);
  await withWorkspace(file === undefined ? undefined : given.plan.workspace, async ({ workspace }) => {
    const { plan, aboutModel } = await withListedModel(workspace, given);
    if (aboutModel !== undefined) say(aboutModel);
    const load: Load = {
      people,
      minutes: options.minutes,
      promptsPerMinute: plan.serving.demand.promptsPerMinute,
      requestsPerPrompt: requestsPerPrompt(plan.serving.demand),
      model: plan.serving.model,
      gateway: gatewayOf(plan),
    };
    if (options.for !== undefined)
      await withClient((client) => mustTakeSignOff(client, options.for ?? '', workspace.host));
    for (const line of loadCost(load, plan).lines) say(line);
    await confirm(`Load ${load.model} in ${workspace.host} like this?`, options.yes);
    await mustAnswer(workspace, plan);
    const result = await carryOut(workspace, plan, load);
    const evidence = loadEvidence(result, new Date().toISOString().slice(0, 10));
    const receipt = await signOff(result, evidence, options);
    if (options.json) printJson({ ...result, evidence, signedOff: receipt ?? null });
    else
      print(
        [...resultLines(result, evidence), ...(receipt === undefined ? signOffLine(result, evidence) : [receipt])].join(
          '\n',
        ),
      );
    process.exitCode = result.interrupted ? EXIT.interrupted : result.enough ? EXIT.ok : EXIT.notAsWanted;
  });
}

async function loadOf(
  file: string | undefined,
  { attendees }: LoadTestOptions,
): Promise<ReadPlan & { people: number }> {
  if (attendees !== undefined) {
    const read = file === undefined ? { plan: await examplePlan(), modelLeftOut: false } : await planRead(file);
    return { ...read, people: attendees };
  }
  if (file === undefined)
    throw new WrongInput('Say for how many people: --attendees 140, or give your plan, whose roster is counted.');
  const { plan, modelLeftOut, people } = await planFrom(file);
  return { plan, modelLeftOut, people: people.length };
}

/** Asked before anything costs money. @throws {WrongInput} when the result could not be recorded there. */
async function mustTakeSignOff(client: WorkshopClient, id: string, host: string): Promise<void> {
  const workspace = (await client.look(id)).about?.workspace;
  if (workspace !== undefined && workspace !== host)
    throw new WrongInput(
      `"${id}" is in ${workspace}, and the environment is for ${host}: a test there says nothing about it.`,
    );
  await client.progress(id);
}

/** One small question, so that nobody waits for minutes to hear of a wrong name. @throws {NotAsWanted} */
async function mustAnswer(workspace: Workspace, plan: Plan): Promise<void> {
  const { model } = plan.serving;
  const { answers, status, said } = await workspace.servingEndpoints.claude(firstRequest(plan));
  if (!answers && status !== 429)
    throw new NotAsWanted(
      `The serving endpoint answered ${status} for ${model}. ${adviceFor(status, model, said)} Nothing was loaded.`,
    );
}

async function carryOut(workspace: Workspace, plan: Plan, load: Load): Promise<LoadResult> {
  const stop = new AbortController();
  void untilStopped().then(() => stop.abort());
  stop.signal.addEventListener('abort', () => say('Ending; a moment.'));
  // Where people's Claude Code will ask, and with the same headers: the two addresses may have limits of their own.
  const way = { gateway: gatewayOf(plan), headers: Object.fromEntries(headersOf(plan)) };
  const requests = Array.from({ length: Math.ceil(load.requestsPerPrompt) }, (_, commands) => ({
    ...way,
    body: loadRequest(plan, commands),
  }));
  const all = moments(load);
  let told = 0;
  const { samples, ranMs } = await runLoad({
    moments: all,
    lasts: load.minutes * 60_000,
    most: MOST_IN_FLIGHT,
    stop: stop.signal,
    // As in a room, where everybody is at another request of their prompt.
    ask: (signal, index) => askedOnce(workspace, requests[index % requests.length] ?? { ...way, body: {} }, signal),
    onAnswer(known, at) {
      if (at - told < PROGRESS_MS) return;
      told = at;
      say(
        `${known.length} of ${all.length} done, ` +
          `${known.filter(({ status }) => status === 429).length} refused with 429`,
      );
    },
  });
  return judgeLoad(load, samples, { ranMs, interrupted: stop.signal.aborted });
}

async function askedOnce(workspace: Workspace, request: Addressed, signal: AbortSignal): Promise<Omit<Sample, 'at'>> {
  const began = performance.now();
  try {
    const { status, whole, ms, body: said } = await workspace.servingEndpoints.stream(request, { signal });
    return {
      status,
      whole,
      ms,
      ...(status === 200 && whole
        ? {}
        : { said: status === 200 ? 'the stream broke off' : oneLine(said).slice(0, 200) }),
    };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { status: 0, whole: false, ms: Math.round(performance.now() - began), said: error.message };
  }
}

function resultLines(result: LoadResult, evidence: string): string[] {
  const trouble = result.trouble.map(
    ({ status, times, said }) => `  ${times} x ${status === 0 ? 'no answer' : `HTTP ${status}`}: ${said}`,
  );
  const { people, enough, carries } = result;
  return [
    evidence,
    ...trouble,
    ...(enough || carries === null
      ? []
      : [
          'Ask for higher limits or provisioned throughput, spread people over several models, or ' +
            'work in turns: bin/workshop plan shows what is needed.',
        ]),
    'Limits by the hour are not seen by a test of minutes: ' +
      `${Math.ceil(people * requestsAMinute(result) * 60).toLocaleString('en-US')} requests an hour are ` +
      'needed.',
  ];
}

/** With --for: recorded, the yes as well as the no. What was interrupted or too short is neither. */
async function signOff(
  result: LoadResult,
  evidence: string,
  { for: id, by }: LoadTestOptions,
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  if (result.interrupted || result.carries === null) {
    say(`"${ITEM}" is left as it was: the test says neither yes nor no.`);
    return undefined;
  }
  return (
    await withClient((client) =>
      client.signOff(id, { item: ITEM, by, answer: result.enough ? 'yes' : 'no', note: evidence }),
    )
  ).recorded;
}

const signOffLine = ({ interrupted, carries, enough }: LoadResult, evidence: string): string[] =>
  interrupted || carries === null
    ? []
    : [
        'To record it (--for <id> does it at once):',
        `  bin/workshop sign-off <id> ${ITEM}${enough ? '' : ' --no'} --note "${evidence}"`,
      ];
