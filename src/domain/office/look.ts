import { DEFAULT_LOOK } from './defaults.ts';
import type { TownOffice, WrittenTown } from './schema.ts';

/** The look of what speaks for no office. */
export const lookOf = ({ look }: Pick<WrittenTown['town'], 'look'>): TownOffice['look'] => ({
  ...DEFAULT_LOOK,
  ...look,
});
