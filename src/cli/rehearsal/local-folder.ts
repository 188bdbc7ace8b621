import { join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';

/** Where `workshop local` keeps its state, letters and reports when it is not told otherwise. */
export const localFolder = (): string => join(cacheFolder(), 'local');
