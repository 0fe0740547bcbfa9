import type { Case } from '../../../features/service/cases/types.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import type { TestTown } from '../testing.ts';

/** Answers a case of whoever identified last, without its pages. `at`: its address. Returns its id. */
export async function answerAs(
  { deps, database }: TestTown,
  at: string,
  answers: Readonly<Record<string, unknown>>,
): Promise<string> {
  const found = (await deps.cases.bySecret(at.split('/').at(-1) ?? ''))!;
  const office = await deps.offices.byId(found.office);
  await deps.cases.answer(await viewerFor({ database }, found), office, found.id, answers);
  return found.id;
}

/** Returns the applicant of a case, as whoever identified last. */
export async function viewerFor(
  { database }: Pick<TestTown, 'database'>,
  found: Case,
): Promise<ApplicantViewer> {
  const { id: identification } = await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .selectFrom('identification')
      .select('id')
      .orderBy('identified_at', 'desc')
      .executeTakeFirstOrThrow(),
  );
  const identified = { person: found.person!, identification, level: 'substantial' } as const;
  return { kind: 'applicant', case: found.id, identified };
}
