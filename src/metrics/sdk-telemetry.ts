import { createServer, type AddressInfo } from 'node:net';

const TOOK_TOO_LONG_MS = 3_000;

/** What the SDK's native core measures: it serves that itself, and only at a port of its own. */
export class SdkTelemetry {
  readonly #address: string;

  private constructor(address: string) {
    this.#address = address;
  }

  /** At a port of this computer that nobody else uses: people are told of another. */
  static async atFreePort(): Promise<SdkTelemetry> {
    const server = createServer();
    const port = await new Promise<number>((settle, fail) => {
      server.once('error', fail);
      server.listen(0, '127.0.0.1', () => settle((server.address() as AddressInfo).port));
    });
    await new Promise((settle) => server.close(settle));
    return new SdkTelemetry(`127.0.0.1:${port}`);
  }

  /** Named as Prometheus wants it: with units, in seconds, and `_total` at counters. */
  get options() {
    return {
      prometheus: {
        bindAddress: this.#address,
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
      },
    };
  }

  /** Prometheus' text format; empty while the core does not answer. Never throws. */
  async text(): Promise<string> {
    try {
      const answer = await fetch(`http://${this.#address}/metrics`, { signal: AbortSignal.timeout(TOOK_TOO_LONG_MS) });
      return answer.ok ? await answer.text() : '';
    } catch {
      return '';
    }
  }
}
