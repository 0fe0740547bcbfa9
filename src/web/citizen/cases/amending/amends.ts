import type { Answers, FormContext } from '../../../../domain/form/applied.ts';
import type { FormPage } from '../../../../domain/form/pages.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import { amendedTo, openTo } from '../../../../features/service/cases/service.ts';
import type { Amendment, OpenedCase } from '../../../../features/service/cases/types.ts';
import type { CitizenDeps } from '../../visit.tsx';
import type { FillingVisit } from '../filling.ts';

/** The address of the page where somebody answers what is about no single question. */
export const REPLY = 'reply';

/** What is asked to be amended in a case. */
export interface Amends {
  amendment: Amendment;
  /** The answers as they were handed in last. */
  before: Answers;
  /** The names of the questions and declarations that can be changed for it. */
  open: ReadonlySet<string>;
}

/** Returns what is asked to be amended; null: nothing is, or the form's table has no way to answer. */
export async function amendsIn(
  { cases }: Pick<CitizenDeps, 'cases'>,
  { viewer, office, found }: Pick<FillingVisit, 'viewer' | 'office' | 'found'>,
  on: { form: Form; context: FormContext; opened: OpenedCase },
): Promise<Amends | null> {
  const { form, context, opened } = on;
  if (!opened.corrections || amendedTo(statesOf(form)) === null) return null;
  const [amendment] = (await cases.amendments(viewer, office, found.id)) ?? [];
  if (!amendment || amendment.closedAt) return null;
  const before = opened.draft.answers;
  const now = opened.corrections.answers;
  return { amendment, before, open: openTo(form, amendment.points, { before, now }, context) };
}

/** Returns whether a question can be changed, or the group that it is in. */
export const isOpen = (amends: Amends | null, name: string): boolean =>
  amends === null || amends.open.has(name.split('.').slice(0, 2).join('.'));

/** Returns the pages that have something to amend, with that alone. */
export const openPages = (pages: readonly FormPage[], amends: Amends): FormPage[] =>
  pages.flatMap((page) => {
    switch (page.kind) {
      case 'start':
      case 'check':
        return [page];
      case 'declarations':
        return [...amends.open].some((name) => name.startsWith('declarations.')) ? [page] : [];
      default: {
        const questions = page.questions.filter((name) => isOpen(amends, name));
        return questions.length > 0 ? [{ ...page, questions }] : [];
      }
    }
  });

/** Returns what is asked about no single question; null: nothing is. */
export const generalIn = ({ amendment }: Amends): string | null =>
  amendment.points.find(({ question }) => question === null)?.text ?? null;
