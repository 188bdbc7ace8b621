import { malformedRequest } from '../../http/errors.ts';

const PREDICTION = 'made up by the sandbox: no model was asked';

/** The answer of a model of one's own: one made-up prediction for each row that was sent. @throws 400 when there are no rows. */
export function predictionsFor(json: unknown): readonly string[] {
  return Array.from({ length: rowsOf(json) }, () => PREDICTION);
}

function rowsOf(json: unknown): number {
  const body = json !== null && typeof json === 'object' ? (json as Readonly<Record<string, unknown>>) : {};
  const { dataframe_records: records, dataframe_split: split, instances, inputs } = body;
  for (const rows of [records, instances]) if (Array.isArray(rows)) return rows.length;
  if (split !== null && typeof split === 'object' && 'data' in split && Array.isArray(split.data))
    return split.data.length;
  if (Array.isArray(inputs)) return inputs.length;
  if (inputs !== undefined && inputs !== null) return 1;
  throw malformedRequest(
    'The request body must contain exactly one of dataframe_split, dataframe_records, instances or inputs.',
  );
}
