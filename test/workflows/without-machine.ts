import type { RecordedHistory } from './recorded.ts';

/** What tells of the machine that a history was recorded on. */
export interface Machine {
  /** Where the worker kept its letters and reports. */
  readonly folder: string;
  readonly host: string;
}

/** Base64 of a payload's bytes, under the name that Temporal's JSON gives it. */
const DATA = 'data';

/**
 * The same history without the machine's name, its folders and stack traces; none of them matters to a replay, which
 * compares what a workflow asks for, not what it is answered.
 */
export function withoutMachine(history: RecordedHistory, { folder, host }: Machine): RecordedHistory {
  const scrub = (text: string) => text.replaceAll(folder, 'reports').replaceAll(host, 'recorder');
  const walk = (value: unknown, key?: string): unknown => {
    if (typeof value === 'string') {
      if (key === 'stackTrace') return '';
      return key === DATA ? Buffer.from(scrub(Buffer.from(value, 'base64').toString('utf8'))).toString('base64') : scrub(value);
    }
    if (Array.isArray(value)) return value.map((entry) => walk(entry, key));
    if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
    return value;
  };
  return walk(history) as RecordedHistory;
}
