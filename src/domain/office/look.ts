import { DEFAULT_LOOK } from './defaults.ts';
import type { TownOffice, WrittenTown } from './schema.ts';

/** Returns the look of pages and mails that belong to no single office. */
export const lookOf = ({ look }: Pick<WrittenTown['town'], 'look'>): TownOffice['look'] => ({
  ...DEFAULT_LOOK,
  ...look,
});
