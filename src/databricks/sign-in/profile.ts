import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** Where the profiles are: DATABRICKS_CONFIG_FILE, else `.databrickscfg` in the home folder. */
export function profileFile(env: NodeJS.ProcessEnv): string {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? homedir();
  return resolve((env['DATABRICKS_CONFIG_FILE'] || '~/.databrickscfg').replace(/^~/, home));
}

/**
 * The host a profile names, or undefined when file, profile or host is missing. Only the host is read
 * here, because it is needed before the first call; the SDK reads the profile itself.
 */
export function hostOfProfile(file: string, profile: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const title = /^\s*\[(.*)\]\s*$/.exec(line);
    if (title) section = title[1]?.trim() ?? '';
    const host = /^\s*host\s*=\s*(.*?)\s*$/.exec(line);
    if (host && section === profile) return host[1]?.replace(/^(["'])(.*)\1$/, '$2') || undefined;
  }
  return undefined;
}
