import { z } from 'zod';
import { text } from '../http/request-body.ts';

const maven = z.object({ coordinates: text.min(1), repo: text.optional(), exclusions: z.array(text).optional() });
const packaged = z.object({ package: text.min(1), repo: text.optional() });

/** One library of a cluster, named in one of the ways that there are. */
const library = z
  .object({
    pypi: packaged.optional(),
    whl: text.min(1).optional(),
    jar: text.min(1).optional(),
    egg: text.min(1).optional(),
    requirements: text.min(1).optional(),
    maven: maven.optional(),
    cran: packaged.optional(),
  })
  .refine(
    (given) => Object.values(given).filter((value) => value !== undefined).length === 1,
    'exactly one of pypi, whl, jar, egg, requirements, maven and cran must be given',
  );

export type Library = z.output<typeof library>;
export const libraries = z.array(library).max(500);
