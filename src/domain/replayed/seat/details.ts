import { z } from 'zod';

/** Longer than any real one; what is longer is cut where a roster is read. */
export const LONGEST_DETAIL = { name: 80, table: 40, role: 60 } as const;

/** So that a request made by hand cannot fill a history; nobody is refused for it. */
const text = z.string().max(200).optional().catch(undefined);

/** What a roster says of somebody beside the address: for letters and lists only, nothing depends on it. */
export const detailsSchema = z.object({ name: text, table: text, role: text });
export type Details = Readonly<z.output<typeof detailsSchema>>;
