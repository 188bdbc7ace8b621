/** What was asked of one endpoint, or by one person of it. */
export interface Usage {
  /** Admitted. */
  readonly requests: number;
  /** With 429. */
  readonly refused: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface EndpointUsage extends Usage {
  readonly endpoint: string;
  readonly byUser: Readonly<Record<string, Usage>>;
}

type Counts = { -readonly [Key in keyof Usage]: Usage[Key] };

/** Who asked how much of which endpoint. It begins anew when the sandbox is restarted, like the count of requests. */
export class UsageBook {
  readonly #byEndpoint = new Map<string, { readonly all: Counts; readonly byUser: Map<string, Counts> }>();

  add(endpoint: string, userName: string, more: Partial<Usage>): void {
    const entry = this.#byEndpoint.get(endpoint) ?? { all: zero(), byUser: new Map<string, Counts>() };
    this.#byEndpoint.set(endpoint, entry);
    const mine = entry.byUser.get(userName) ?? zero();
    entry.byUser.set(userName, mine);
    for (const counts of [entry.all, mine]) {
      counts.requests += more.requests ?? 0;
      counts.refused += more.refused ?? 0;
      counts.inputTokens += more.inputTokens ?? 0;
      counts.outputTokens += more.outputTokens ?? 0;
    }
  }

  snapshot(): EndpointUsage[] {
    return [...this.#byEndpoint].map(([endpoint, { all, byUser }]) => ({
      endpoint,
      ...all,
      byUser: Object.fromEntries([...byUser].map(([userName, counts]) => [userName, { ...counts }])),
    }));
  }
}

const zero = (): Counts => ({ requests: 0, refused: 0, inputTokens: 0, outputTokens: 0 });
