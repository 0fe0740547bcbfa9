import { type FormVersion, versionOf } from '../../../domain/form/version.ts';
import type { InstallationUnit, Unit } from '../audit/service.ts';
import { insertEnding, insertVersion, lockProcedure } from './store.ts';
import type { FormChange } from './types.ts';
import { readIds, readNewestNumber, readOffered } from './views.ts';

/** Publishes a version in a unit of work, unless the one that is offered has the same content. */
export async function publishIn(
  { tx, now, record }: Pick<Unit, 'tx' | 'now' | 'record'>,
  { office, procedure, version }: { office: number; procedure: number; version: FormVersion },
): Promise<{ isNew: boolean; number: number }> {
  await lockProcedure(tx, procedure);
  const offered = await readOffered(tx, procedure);
  const { sha256 } = version;
  if (offered?.sha256 === sha256) return { isNew: false, number: offered.number };
  const number = (await readNewestNumber(tx, procedure)) + 1;
  await insertVersion(tx, office, { procedure, number, version }, now);
  await record('form_published', { data: { procedure: version.procedure, number, sha256 } });
  return { isNew: true, number };
}

/** Publishes and ends forms, in the unit of work in which a town file is applied. Their procedures are there already. */
export async function saveForms(
  unit: InstallationUnit,
  changes: readonly FormChange[],
): Promise<void> {
  const { tx, now, recordIn } = unit;
  for (const change of changes) {
    const { office, procedure } = await readIds(tx, change);
    const record: Unit['record'] = (action, about) => recordIn(office, action, about);
    if (change.kind === 'published') {
      await publishIn({ tx, now, record }, { office, procedure, version: versionOf(change.form) });
      continue;
    }
    const { id, number } = change.before;
    await insertEnding(tx, office, id, now);
    await record('form_ended', { data: { procedure: change.procedure, number } });
  }
}
