import { readFile } from 'node:fs/promises';
import type { Area } from './domain/requests/areas.ts';
import { besideTownFile, linesOf } from './form-files.ts';
import { checkAreasFile } from './formats/areas/check.ts';
import { checkTownSource, type TownCheck } from './formats/town-file/reading/check.ts';
import { readSource } from './formats/town-file/reading/source.ts';

/** A town file that was checked together with the file of areas that it names. */
export interface TownWithAreas {
  checked: TownCheck;
  /** None where the town names no file, or either has mistakes. */
  areas: Area[];
  /** Lines for the operator on the file of areas. */
  mistakes: string[];
  warnings: string[];
}

/**
 * Checks a town file, and the areas that it names: the file is looked for beside it, then from here. References to areas are checked once the
 * areas are known.
 */
export async function checkTownWithAreas(townFile: string, text: string): Promise<TownWithAreas> {
  const read = readSource(text);
  const checked = checkTownSource(read);
  const none: TownWithAreas = { checked, areas: [], mistakes: [], warnings: [] };
  if (!checked.ok || checked.town.town.areas === undefined) return none;
  const { areas: named, languages } = checked.town.town;
  for (const path of besideTownFile(townFile, named)) {
    const found = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    if (typeof found !== 'string') {
      if (found.code === 'ENOENT') continue;
      return { ...none, mistakes: [`${path} can't be read (${found.code}).`] };
    }
    const file = checkAreasFile(found, languages);
    const warnings = linesOf(path, file.warnings);
    if (!file.ok) return { ...none, mistakes: linesOf(path, file.mistakes), warnings };
    const { areas } = file;
    const codes = areas.map(({ code }) => code);
    return { checked: checkTownSource(read, { areas: codes }), areas, mistakes: [], warnings };
  }
  return { ...none, mistakes: [`There is no file ${named} beside ${townFile} ("areas").`] };
}
