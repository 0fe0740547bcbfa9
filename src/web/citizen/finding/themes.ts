import type { Body, Procedure } from '../../../features/bodies/types.ts';

interface Group {
  /** Null: what stands under no theme. */
  theme: Body['settings']['themes'][number] | null;
  procedures: Procedure[];
}

/** The procedures of a body by theme, in the file's order; those without a theme come last. Empty themes are left out. */
export function themeGroups({ procedures, settings: { themes } }: Body): Group[] {
  const known = new Set(themes.map((each) => each.code));
  const codeOf = ({ theme }: Procedure) => (theme && known.has(theme) ? theme : null);
  return [...themes, null]
    .map((theme) => ({
      theme,
      procedures: procedures.filter((each) => codeOf(each) === (theme?.code ?? null)),
    }))
    .filter((each) => each.procedures.length > 0);
}
