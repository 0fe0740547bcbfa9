import type { TownOffice, TownProcedure } from '../../../domain/office/schema.ts';
import type { Texts } from '../../../lib/i18n/languages.ts';
import type { Entry } from './types.ts';

/** Returns the searchable texts of an office's procedure. */
export function entryOf(
  procedure: TownProcedure,
  office: { name: Texts; themes: TownOffice['themes'] },
): Entry {
  const theme = office.themes.find((each) => each.code === procedure.theme);
  return {
    name: procedure.name,
    keywords: procedure.keywords,
    summary: procedure.summary,
    around: [office.name, ...(theme ? [theme.name] : [])],
    texts: [procedure.who, procedure.text, ...procedure.documents.map((each) => each.name)],
    isGeneral: procedure.kind === 'information',
  };
}
