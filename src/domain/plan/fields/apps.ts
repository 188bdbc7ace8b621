import { z } from 'zod';
import { APP_WAYS, APPS_AFTERWARDS } from '../../replayed/capacity/app-ways.ts';

/** The apps that people build: a workspace holds few (docs/facts/apps.md section 2). */
export const apps = z
  .strictObject({
    /** On their own clusters, with some shown as apps; one for a team; one for each person; or none at all. */
    way: z.enum(APP_WAYS).default('local'),
    teamSize: z.int().min(2).max(50).default(5),
    /** Of those who show theirs on their own clusters, so many become apps of the workspace. */
    showcase: z.int().min(0).max(100).default(5),
    /** How many apps the workspace holds; left out, 100, and 50 on Google Cloud. Nobody can have it raised. */
    limit: z.int().min(1).max(10_000).optional(),
    afterwards: z.enum(APPS_AFTERWARDS).default('stop'),
  })
  .prefault({});
export type AppPlan = z.output<typeof apps>;
