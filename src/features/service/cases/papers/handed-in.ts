import { filesIn } from '../../../../domain/form/files.ts';
import type { Form } from '../../../../domain/form/schema.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { CasePapers } from '../../documents/service.ts';
import type { CasePaper } from '../../documents/types.ts';
import type { HandedIn } from '../amendment/corrections.ts';
import type { Amendment, CaseRow } from '../types.ts';

/** Returns the ids of the files that something handed in names. They stay as long as the case. */
export function papersNamedIn(
  form: Pick<Form, 'steps'>,
  { record, amendments }: HandedIn,
): Set<string> {
  const all = [record, ...amendments.map(({ answered }) => answered?.record ?? null)];
  return new Set(
    all
      .flatMap((each) => (each ? filesIn(form, each.answers) : []))
      .map(({ file }) => file.document),
  );
}

/**
 * Returns the papers of a case that its viewer sees: all, before it was handed in. After that the office sees those that were handed in, not
 * those with which somebody is still amending it.
 */
export async function papersSeen(
  papers: CasePapers,
  { tx, viewer }: Unit,
  row: CaseRow,
  on: { form: PublishedForm; sealed: Pick<HandedIn, 'record'>; amendments: readonly Amendment[] },
): Promise<CasePaper[]> {
  const all = await papers.list(tx, { office: row.office, case: row.id });
  if (row.handedInAt === null || viewer.kind === 'applicant') return all;
  const { record } = on.sealed;
  const named = papersNamedIn(on.form.form, { record, amendments: on.amendments });
  return all.filter(({ id }) => named.has(id));
}
