import { isPlaceholder, misfit, textPattern } from './placeholders.ts';
import type { Kept } from './placeholders.ts';

/**
 * How an answer differs from a golden: one sentence for each difference, with its place; none when it fits.
 *
 * An object may hold more than the golden names, as answers grow, unless the golden says `$only: true`. A list is the
 * same length and order; `$contains` asks only that each given item is somewhere in it, `$each` that every item (at
 * least one) fits. `<absent>` means that the field is not there, `<any>` that it is, whatever it holds.
 */
export function differences(golden: unknown, actual: unknown, kept: Kept = {}, place = 'answer'): string[] {
  if (golden === '<absent>') return actual === undefined ? [] : [`${place} is there: ${shown(actual)}`];
  if (actual === undefined) return [`${place} is missing, expected ${shown(golden)}`];
  if (golden === '<any>') return [];
  if (typeof golden === 'string') return text(golden, actual, kept, place);
  if (Array.isArray(golden)) return list(golden, actual, kept, place);
  if (isObject(golden))
    return '$contains' in golden || '$each' in golden
      ? someList(golden, actual, kept, place)
      : object(golden, actual, kept, place);
  return golden === actual ? [] : [`${place} is ${shown(actual)}, expected ${shown(golden)}`];
}

function text(golden: string, actual: unknown, kept: Kept, place: string): string[] {
  if (isPlaceholder(golden)) {
    const why = misfit(golden, actual);
    return why === undefined ? [] : [`${place} ${why}: ${shown(actual)}`];
  }
  return typeof actual === 'string' && textPattern(golden, kept).test(actual)
    ? []
    : [`${place} is ${shown(actual)}, expected ${shown(golden)}`];
}

function list(golden: readonly unknown[], actual: unknown, kept: Kept, place: string): string[] {
  if (!Array.isArray(actual)) return [`${place} is no list: ${shown(actual)}`];
  if (actual.length !== golden.length)
    return [`${place} has ${actual.length} items, expected ${golden.length}: ${shown(actual)}`];
  return golden.flatMap((item, index) => differences(item, actual[index], kept, `${place}[${index}]`));
}

function someList(golden: Record<string, unknown>, actual: unknown, kept: Kept, place: string): string[] {
  if (!Array.isArray(actual)) return [`${place} is no list: ${shown(actual)}`];
  const each = golden['$each'];
  if (each !== undefined) {
    if (actual.length === 0) return [`${place} is empty`];
    return actual.flatMap((item, index) => differences(each, item, kept, `${place}[${index}]`));
  }
  const wanted = golden['$contains'] as readonly unknown[];
  return wanted
    .filter((item) => !actual.some((one) => differences(item, one, kept).length === 0))
    .map((item) => `${place} holds no ${shown(item)}: ${shown(actual)}`);
}

function object(golden: Record<string, unknown>, actual: unknown, kept: Kept, place: string): string[] {
  if (!isObject(actual)) return [`${place} is no object: ${shown(actual)}`];
  const { $only, ...fields } = golden;
  const surplus = $only === true ? Object.keys(actual).filter((name) => !(name in fields)) : [];
  return [
    ...Object.entries(fields).flatMap(([name, value]) => differences(value, actual[name], kept, `${place}.${name}`)),
    ...surplus.map((name) => `${place}.${name} is more than there should be: ${shown(actual[name])}`),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 600);
