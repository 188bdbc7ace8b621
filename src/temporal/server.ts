import { Client, type Connection } from '@temporalio/client';
import { NoAnswer, noWorker, reachTemporal, silence } from './answers.ts';
import { temporalOptions } from './connection-options.ts';
import { registerSearchAttributes } from './register-search-attributes.ts';

/** Long enough for a worker that is busy booting clusters; without a worker the answer never comes. */
const ANSWER_MS = 20_000;
/** A poller that was last seen longer ago has gone. */
const POLLER_MS = 90_000;
/** TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW of Temporal's API. */
const WORKFLOW_TASKS = 1;

/** A Temporal server, as somebody uses it who asks about workshops. */
export class TemporalServer {
  readonly client: Client;
  readonly address: string;
  readonly #connection: Connection;
  /** Workshops about which a worker has answered. */
  readonly #answered = new Set<string>();

  private constructor(client: Client, connection: Connection, address: string) {
    this.client = client;
    this.#connection = connection;
    this.address = address;
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async connect(env: NodeJS.ProcessEnv): Promise<TemporalServer> {
    const { connection: options, namespace, dataConverter } = temporalOptions(env);
    const connection = await reachTemporal(options, namespace);
    return new TemporalServer(new Client({ connection, namespace, dataConverter }), connection, options.address);
  }

  /** Whether workflows can carry the search attributes of a workshop; registers them where the server lets us. */
  letsSearch(): Promise<boolean> {
    return registerSearchAttributes(this.#connection, this.client.options.namespace);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** What the server itself answers. @throws {NoAnswer} when it is gone or refuses us. */
  async answers<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw silence(error, this.address);
    }
  }

  /** Whether anybody takes workflow tasks from a queue at present. */
  hasPoller(taskQueue: string): Promise<boolean> {
    return this.answers(async () => {
      const { pollers } = await this.#connection.workflowService.describeTaskQueue({
        namespace: this.client.options.namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: WORKFLOW_TASKS,
      });
      return (pollers ?? []).some(
        ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > Date.now() - POLLER_MS,
      );
    });
  }

  /**
   * What only a worker can answer, with a deadline; not asked at all when none is there, so that nobody waits for
   * nothing.
   * @param id of the workshop. @param hasWorker undefined when that cannot be known; asked until one has answered.
   * @throws {NoAnswer} when there is none.
   */
  async workerAnswers<T>(id: string, hasWorker: () => Promise<boolean | undefined>, ask: () => Promise<T>): Promise<T> {
    if (!this.#answered.has(id) && (await hasWorker()) === false) throw new NoAnswer(noWorker(id, this.address));
    const answer = await this.#connection.withDeadline(Date.now() + ANSWER_MS, ask);
    this.#answered.add(id);
    return answer;
  }
}
