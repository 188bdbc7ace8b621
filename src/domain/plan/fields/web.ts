import { z } from 'zod';

/** Where the room's pages are, for the links in letters. The key that seals them is in the environment. */
export const web = z.strictObject({
  url: z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+(?:\/[A-Za-z0-9._~/-]*)?$/, 'must be an address, like https://room.example.com')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** A higher number makes every link void that was given before. */
  generation: z.int().min(1).max(1_000_000).default(1),
});
