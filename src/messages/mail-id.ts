import { createHash } from 'node:crypto';

/**
 * What stands before the @ of a mail's Message-ID: the same for each attempt at the same message, so that a receiver
 * that gets it twice can tell, and so that a bounce tells whose it is. 32 hexadecimal digits.
 */
export const mailId = (runId: string, key: string, generation: number): string =>
  createHash('sha256').update(`${runId}\n${key}\n${generation}`).digest('hex').slice(0, 32);
