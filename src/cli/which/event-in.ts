import type { About, KnownWorkshop } from '../../reader.ts';

/** The event that a workshop is one of; of one that is encrypted with another key it is not known. */
export async function eventIn({ memo }: Pick<KnownWorkshop, 'memo'>): Promise<string | undefined> {
  const { about } = (await memo().catch(() => ({}))) as { readonly about?: Partial<About> };
  return about?.event;
}
