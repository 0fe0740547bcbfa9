import type { Texts } from '../../lib/i18n/languages.ts';
import type { TownBody, TownProcedure } from '../town-file/types.ts';
import type { Entry } from './types.ts';

/** What of a procedure of a body is searched. */
export function entryOf(
  procedure: TownProcedure,
  body: { name: Texts; themes: TownBody['themes'] },
): Entry {
  const theme = body.themes.find((each) => each.code === procedure.theme);
  return {
    name: procedure.name,
    keywords: procedure.keywords,
    summary: procedure.summary,
    around: [body.name, ...(theme ? [theme.name] : [])],
    texts: [procedure.who, procedure.text, ...procedure.documents.map((each) => each.name)],
    isGeneral: procedure.kind === 'information',
  };
}
