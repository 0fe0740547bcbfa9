import type { Office, Procedure } from '../../../domain/office/types.ts';

interface Group {
  /** Null: the procedures without a theme. */
  theme: Office['settings']['themes'][number] | null;
  procedures: Procedure[];
}

/**
 * Returns the procedures of an office by theme, in the file's order; those without a theme come last.
 * Empty themes are left out.
 */
export function themeGroups({ procedures, settings: { themes } }: Office): Group[] {
  const known = new Set(themes.map((each) => each.code));
  const codeOf = ({ theme }: Procedure) => (theme && known.has(theme) ? theme : null);
  return [...themes, null]
    .map((theme) => ({
      theme,
      procedures: procedures.filter((each) => codeOf(each) === (theme?.code ?? null)),
    }))
    .filter((each) => each.procedures.length > 0);
}
