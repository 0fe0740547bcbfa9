import type { Form } from '../../../domain/form/schema.ts';
import { versionOf } from '../../../domain/form/version.ts';
import type { TownState } from '../../../domain/office/state.ts';
import type { FormChange, OfferedForm } from './types.ts';

/** A form that an office should offer. */
interface Wanted {
  office: string;
  form: Form;
}

/** Returns each form in each open office that has its procedure, in the order of the offices and their procedures. */
export function wantedForms(town: TownState, forms: readonly Form[]): Wanted[] {
  const byProcedure = new Map(forms.map((each) => [each.procedure, each]));
  return [...town.offices]
    .filter(([, { retired }]) => !retired)
    .flatMap(([office, { procedures }]) =>
      [...procedures].flatMap(([code, { retired }]) => {
        const form = retired ? undefined : byProcedure.get(code);
        return form ? [{ office, form }] : [];
      }),
    );
}

/** Returns what has to happen so that offices offer these forms and no others; nothing where the content is the same. */
export function formChanges(
  offered: readonly OfferedForm[],
  wanted: readonly Wanted[],
): FormChange[] {
  const key = (office: string, procedure: string) => `${office} ${procedure}`;
  const live = new Map(offered.map((each) => [key(each.office, each.procedure), each]));
  const stays = new Set(wanted.map(({ office, form }) => key(office, form.procedure)));
  const published = wanted.flatMap(({ office, form }): FormChange[] => {
    const { procedure } = form;
    const before = live.get(key(office, procedure))?.published ?? null;
    const version = versionOf(form);
    if (before?.sha256 === version.sha256) return [];
    return [{ kind: 'published', office, procedure, form, sha256: version.sha256, before }];
  });
  const ended = offered
    .filter(({ office, procedure }) => !stays.has(key(office, procedure)))
    .map(({ office, procedure, published: before }): FormChange => {
      return { kind: 'ended', office, procedure, before };
    });
  return [...published, ...ended];
}
