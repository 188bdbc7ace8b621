/** A copy of plain data. The workflow sandbox has no structuredClone, and what goes into messages is JSON anyway. */
export const copyOf = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T;
