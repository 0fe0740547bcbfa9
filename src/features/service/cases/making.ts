import { randomBytes } from 'node:crypto';
import { levelOf } from '../../../domain/form/online.ts';
import { highestOf } from '../../../domain/identity.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import { hashSecret } from '../../../lib/secrets.ts';
import type { ApplicantViewer } from '../../../lib/viewer.ts';
import { referenceFrom } from '../../booking/appointments/rules.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import type { PublishedForm } from '../../foundation/forms/types.ts';
import { insertOpening } from '../../foundation/openings/service.ts';
import { type CasesDeps, tell } from './keeping.ts';
import { linkSecret } from './link.ts';
import { EMPTY } from './opening.ts';
import type { ForWhom } from './represented/acting.ts';
import { insertRepresentation } from './represented/store.ts';
import { discardedAt } from './rules.ts';
import { sealDraft } from './sealing.ts';
import { insertCase } from './store.ts';
import { insertTie } from './tying/store.ts';
import { type Door, DRAFT, type Draft } from './types.ts';

/** What a new case is made of. */
interface NewCase {
  id: string;
  form: PublishedForm;
  door: Door;
  language: Language;
  /** The identified person to whom alone it opens; null: it opens to whoever has its link. */
  owner: ApplicantViewer['identified'];
  /** The encounter in which an official begins it with its applicant; null: there is none. */
  encounter: { id: string; appointment: string | null } | null;
  /** For whom somebody begins it; null or absent: for themselves. */
  whom?: ForWhom | null;
  /** Whether it is begun for somebody, who makes it theirs at the level that the form demands. */
  isForSomebody?: boolean;
  /** The answers that are known; absent: none. */
  draft?: Draft;
}

/** Makes a case, with its link. */
export async function makeCase(
  { keyring, key }: Pick<CasesDeps, 'keyring' | 'key'>,
  unit: Unit,
  { isForSomebody = false, whom = null, draft = EMPTY, ...on }: NewCase,
): Promise<void> {
  const { id, form, door, language, owner, encounter } = on;
  const { tx, office, now } = unit;
  const demanded = levelOf(form.form);
  const made = {
    id,
    procedure: form.procedure,
    form: form.id,
    door,
    encounter: encounter?.id ?? null,
    isAssisted: encounter !== null,
    citizenOf: encounter?.appointment ?? null,
    language,
    state: DRAFT,
    level: owner ? highestOf([demanded, 'low']) : isForSomebody ? demanded : ('none' as const),
    person: owner?.person ?? null,
  };
  const sealed = await sealDraft(keyring, tx, { id, office }, draft);
  const kept = { sealed, discardAt: discardedAt(now, form.form) };
  const insert = (reference: string) => insertCase(unit, { ...made, reference }, kept);
  while (!(await insert(referenceFrom(randomBytes(6)))));
  if (whom) await insertRepresentation(unit, id, whom);
  await insertOpening(
    unit,
    { opens: 'case', subject: id },
    hashSecret(linkSecret(key, { id, link: 0 })),
  );
  if (encounter?.appointment)
    await insertTie(unit, { case: id, appointment: encounter.appointment });
  const data = {
    door,
    procedure: form.form.procedure,
    ...(encounter && { encounter: encounter.id }),
    ...(whom?.authorisation && { representation: whom.authorisation }),
  };
  await tell(unit, id, 'opened', data);
}
