import { Client, type ClientInterceptors, type Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { TemporalServerId } from '../domain/replayed/claim/claim.ts';
import { reachTemporal } from './connection.ts';
import { temporalOptions } from './connection-options.ts';
import { ANSWER_MS, TemporalReads, type ReadCall } from './reads.ts';
import { serverId } from './server-id.ts';
import { registerSearchAttributes } from './register-search-attributes.ts';

/** A Temporal server, as somebody uses it who changes workshops: what is read of it too. */
export class TemporalServer {
  readonly client: Client;
  readonly reads: TemporalReads;
  readonly #connection: Connection;

  private constructor(client: Client, connection: Connection, address: string, codecs: readonly PayloadCodec[]) {
    const { namespace } = client.options;
    this.client = client;
    this.#connection = connection;
    this.reads = new TemporalReads(
      {
        call: (method, request, deadline) => {
          const service = connection.workflowService as unknown as Record<ReadCall, (of: object) => Promise<never>>;
          return connection.withDeadline(deadline, () => service[method](request));
        },
        close: () => {},
      },
      { address, namespace, codecs },
    );
  }

  /**
   * @param env TEMPORAL_ADDRESS and its like.
   * @param interceptors see all that is asked before the server does
   * @throws {WrongSettings} when they cannot be used; {NoAnswer} when no Temporal server answers there.
   */
  static async connect(env: NodeJS.ProcessEnv, interceptors: ClientInterceptors = {}): Promise<TemporalServer> {
    const { connection: options, namespace, dataConverter } = temporalOptions(env);
    const connection = await reachTemporal(options, namespace);
    const client = new Client({ connection, namespace, dataConverter, interceptors });
    return new TemporalServer(client, connection, options.address, dataConverter.payloadCodecs);
  }

  /** Whether workflows can carry the search attributes of a workshop; registers them where the server lets us. */
  letsSearch(): Promise<boolean> {
    return registerSearchAttributes(this.#connection, this.client.options.namespace);
  }

  /** Which server this is, for whoever reads claims in a workspace. */
  id(): Promise<TemporalServerId> {
    return serverId(this.#connection, { address: this.reads.address, namespace: this.client.options.namespace });
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** Asks for something that takes a worker, with a deadline. */
  soon<T>(ask: () => Promise<T>): Promise<T> {
    return this.#connection.withDeadline(Date.now() + ANSWER_MS, ask);
  }
}
