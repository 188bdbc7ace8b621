import { setTimeout as wait } from 'node:timers/promises';
import type { PayloadCodec, Payload } from '@temporalio/common';
import { STUCK_ATTEMPT } from '../domain/replayed/made/temporal-names.ts';
import { isMomentary, isMissing, meaningOfAnswer, noWorker, silence, stuckWorker, type Asked } from './answers.ts';
import { NoAnswer } from './client-errors.ts';
import { payloadConverter } from '../workflows/shared/payload-converter.ts';

/** Long enough for a worker that is busy booting clusters; without a worker the answer never comes. */
export const ANSWER_MS = 20_000;
/** Before what was refused is asked again: nobody is kept waiting where it is refused for good. */
const PAUSES_MS = [200, 600, 1_200] as const;
/** A poller that was last seen longer ago has gone. */
const POLLER_MS = 90_000;
/** TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW of Temporal's API. */
const WORKFLOW_TASKS = 1;
/** WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING of Temporal's API. */
const RUNNING = 1;
const COMPLETED = 2;

/** How the latest execution of a workflow id stands. */
export type ExecutionState = 'running' | 'closed' | 'none';

/** A workflow of an id, as the server itself knows it. */
export interface Standing {
  readonly state: ExecutionState;
  /** Read when it is asked for: how a workflow stands is known without any key. @throws {WrongSettings} */
  readonly memo: () => Promise<Readonly<Record<string, unknown>>>;
  /** It came to its own end. */
  readonly isCompleted: boolean;
  /** Its workflow task fails again and again: the worker's code cannot go on with it. */
  readonly isStuck: boolean;
}

/** The methods of Temporal's WorkflowService that only read. */
export type ReadCall =
  | 'queryWorkflow'
  | 'describeWorkflowExecution'
  | 'describeTaskQueue'
  | 'listWorkflowExecutions'
  | 'getWorkflowExecutionHistory'
  | 'describeNamespace';

/** A connection to them: of the whole client, or of nothing else. @param deadline epoch milliseconds */
export interface ReadingService {
  call<Answer>(method: ReadCall, request: object, deadline: number): Promise<Answer>;
  close(): void;
}

interface Described {
  readonly pendingWorkflowTask?: { readonly attempt?: number | null } | null;
  readonly workflowExecutionInfo?: {
    readonly status?: number | null;
    readonly memo?: { readonly fields?: Readonly<Record<string, Payload>> | null } | null;
  } | null;
}

interface Polled {
  readonly pollers?: readonly { readonly lastAccessTime?: { readonly seconds?: unknown } | null }[] | null;
}

interface Queried {
  readonly queryResult?: { readonly payloads?: Payload[] | null } | null;
}

/** `stuck`: there is a worker, and its code cannot go on with this workshop. `unknown`: it is to be tried. */
export type WhoAnswers = 'a worker' | 'nobody' | 'stuck' | 'unknown';

function refuseUnanswered(who: WhoAnswers, { id, address }: Asked): void {
  if (who === 'nobody') throw new NoAnswer(noWorker(id, address));
  if (who === 'stuck') throw new NoAnswer(stuckWorker(id));
}

/** A server that starts, or moves a workflow, refuses questions for a moment, and answers them then. */
async function aFewTimes<T>(ask: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isMomentary(error)) throw error;
      await wait(pause);
    }
  }
  return ask();
}

/** What is asked of a Temporal server and the workers behind it without changing anything. */
export class TemporalReads {
  readonly address: string;
  readonly #service: ReadingService;
  readonly namespace: string;
  readonly #codecs: readonly PayloadCodec[];
  /** Workshops about which a worker has answered. */
  readonly #answered = new Set<string>();

  constructor(
    service: ReadingService,
    where: { readonly address: string; readonly namespace: string; readonly codecs: readonly PayloadCodec[] },
  ) {
    this.#service = service;
    this.address = where.address;
    this.namespace = where.namespace;
    this.#codecs = where.codecs;
  }

  close(): void {
    this.#service.close();
  }

  /** What the server itself answers. @throws {NoAnswer} when it is gone or refuses us. */
  async answers<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw silence(error, this.address);
    }
  }

  /** How the latest execution of a workflow stands; no worker is asked. */
  async describe(workflowId: string): Promise<Standing> {
    const execution = { workflowId };
    try {
      const { workflowExecutionInfo, pendingWorkflowTask } = await this.call<Described>('describeWorkflowExecution', {
        execution,
      });
      const fields = Object.entries(workflowExecutionInfo?.memo?.fields ?? {});
      const decoded = () =>
        Promise.all(fields.map(async ([name, payload]) => [name, await this.decoded(payload)] as const));
      return {
        state: workflowExecutionInfo?.status === RUNNING ? 'running' : 'closed',
        memo: async () => Object.fromEntries(await decoded()),
        isCompleted: workflowExecutionInfo?.status === COMPLETED,
        isStuck: (pendingWorkflowTask?.attempt ?? 0) >= STUCK_ATTEMPT,
      };
    } catch (error) {
      if (isMissing(error)) return { state: 'none', memo: async () => ({}), isCompleted: false, isStuck: false };
      throw silence(error, this.address);
    }
  }

  /** What a workflow answers, open or closed; needs a worker. Errors are those of gRPC. */
  async query<T>(workflowId: string, queryType: string): Promise<T> {
    const request = { execution: { workflowId }, query: { queryType } };
    const { queryResult } = await aFewTimes(() => this.call<Queried>('queryWorkflow', request));
    const [payload] = queryResult?.payloads ?? [];
    return (payload && (await this.decoded(payload))) as T;
  }

  /**
   * Whether anybody takes workflow tasks from a queue at present. A server that has loaded the queue anew knows nobody
   * until a worker polls again, so a no is asked for a few times.
   */
  async hasPoller(taskQueue: string): Promise<boolean> {
    for (const pause of PAUSES_MS) {
      if (await this.#sawPoller(taskQueue)) return true;
      await wait(pause);
    }
    return this.#sawPoller(taskQueue);
  }

  #sawPoller(taskQueue: string): Promise<boolean> {
    return this.answers(async () => {
      const request = { taskQueue: { name: taskQueue }, taskQueueType: WORKFLOW_TASKS };
      const { pollers } = await this.call<Polled>('describeTaskQueue', request);
      return (pollers ?? []).some(
        ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - POLLER_MS,
      );
    });
  }

  /**
   * What only a worker can answer; not asked at all where nobody would, so that nobody waits for nothing and nothing is
   * left half asked.
   * @param id of the workshop. @param who can answer: asked until somebody has answered, and when somebody does not.
   * @throws {NoAnswer} when nobody does; {Refused} when there is no such workshop.
   */
  async workerAnswers<T>(id: string, who: () => Promise<WhoAnswers>, ask: () => Promise<T>): Promise<T> {
    const asked = { id, address: this.address };
    if (!this.#answered.has(id)) refuseUnanswered(await who(), asked);
    try {
      const answer = await ask();
      this.#answered.add(id);
      return answer;
    } catch (error) {
      this.#answered.delete(id);
      const meaning = meaningOfAnswer(error, asked);
      if (meaning instanceof NoAnswer) refuseUnanswered(await who(), asked);
      throw meaning;
    }
  }

  /** One call to the server, in this namespace. Errors are those of gRPC. */
  call<Answer>(method: ReadCall, request: object): Promise<Answer> {
    return this.#service.call<Answer>(method, { namespace: this.namespace, ...request }, Date.now() + ANSWER_MS);
  }

  /** What a payload says, decrypted. @throws {WrongSettings} when its key is not here */
  async decoded(payload: Payload): Promise<unknown> {
    let payloads = [payload];
    // The last that encoded is the first to decode, as in Temporal's own data converter.
    for (const codec of this.#codecs.toReversed()) payloads = await codec.decode(payloads);
    const [plain] = payloads;
    return plain && payloadConverter.fromPayload(plain);
  }
}
