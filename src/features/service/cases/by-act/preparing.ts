import { filesIn } from '../../../../domain/form/files.ts';
import { validate } from '../../../../domain/form/validate.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { SameNif } from '../../../foundation/staff-identifiers/types.ts';
import { isOfficial } from '../../consent/rules.ts';
import { type Consent, habilitationOf } from '../../consent/service.ts';
import type { ActCase } from '../../consent/types.ts';
import { openAnswers } from '../answering.ts';
import { type CasesDeps, formOf } from '../keeping.ts';
import { refusalOfPapers } from '../papers/handing-in.ts';
import { contextOf } from '../rules.ts';
import { appointmentOfCase } from './keeping.ts';
import { actCaseOf, documentOf, isForAnother, notByAct, personIn, withDeclared } from './rules.ts';
import type { ActMistakes, ActObstacle, AskedAct, PrepareActResult } from './types.ts';

export interface PreparingDeps extends CasesDeps {
  consent: Pick<Consent, 'prepare' | 'options' | 'list' | 'consented'>;
}

/** What is asked of an official before an act is prepared, as it is looked up before the unit of work. */
interface ToPrepare {
  id: string;
  office: Office;
  form: PublishedForm;
  asked: AskedAct;
  /** The name in the register of officials, and how their NIF compares with that of the document. */
  official: { name: string; nif: SameNif };
}

type Prepared =
  | { ok: true; act: ActCase }
  | Extract<PrepareActResult, { reason: 'checking' | 'invalid' }>
  | { ok: false; reason: ActObstacle | 'not_found' | 'handed_in' | 'changed' | 'incomplete' };

/** Asks the citizen of an encounter to consent that an official hands in the form that they filled in for them. */
export async function prepareAct(
  deps: PreparingDeps,
  viewer: StaffViewer,
  office: Office,
  { id, asked }: { id: string; asked: AskedAct },
): Promise<PrepareActResult> {
  const form = await formOf(deps, office, id);
  const appointment =
    form && (await within(deps.db, office.id, (tx) => appointmentOfCase(tx, viewer, office, id)));
  if (!form || appointment === undefined) return { ok: false, reason: 'not_found' };
  if (appointment === null) return { ok: false, reason: 'no_appointment' };
  const habilitation = await habilitationOf(deps, office, viewer.staff);
  if (!habilitation) return { ok: false, reason: 'not_habilitated' };
  const known = documentOf(asked);
  const nif = known ? await deps.officials.compare(viewer.staff, known) : 'unknown';
  const official = { name: habilitation.name, nif };
  const ready = await deps.unit(viewer, office.id, (each) =>
    readyToConsent(deps, each, { id, office, form, asked, official }),
  );
  if (!ready.ok) return ready;
  const { template, language, mayBeAttended } = asked;
  const { name, reference } = ready.act;
  const made = await deps.consent.prepare(viewer, office, appointment, {
    ...{ template, language, mayBeAttended, documents: [], case: ready.act },
    details: translateTo(language)('onBehalf.details', { procedure: name, reference }),
  });
  if (made.ok) return { ok: true, appointment, act: made.id };
  if (made.reason !== 'invalid') return { ok: false, reason: made.reason };
  const { template: which, language: said, mayBeAttended: allowed } = made.mistakes;
  const mistakes: ActMistakes = {
    ...(which && { template: which }),
    ...(said && { language: said }),
    ...(allowed && { mayBeAttended: allowed }),
  };
  return { ok: false, reason: 'invalid', mistakes };
}

/** Returns what the citizen consents to, or why it can't be handed in by an act now. The case is locked. */
async function readyToConsent(
  { keyring, papers }: Pick<CasesDeps, 'keyring' | 'papers'>,
  unit: Unit<StaffViewer>,
  { id, office, form, asked, official }: ToPrepare,
): Promise<Prepared> {
  const found = await openAnswers({ keyring }, unit, id);
  if (!found.ok) return found;
  const { row, draft } = found;
  if (row.person !== null) return { ok: false, reason: 'owned' };
  if (row.version !== asked.seen) return { ok: false, reason: 'changed' };
  const context = contextOf(office, unit.now, row.language);
  const given = withDeclared(draft.answers, form.form, asked.declared);
  const { answers, mistakes } = validate(form.form, given, context);
  const obstacle = notByAct(form.form, given, context);
  if (obstacle) return { ok: false, reason: obstacle };
  if (mistakes.some(({ path }) => path[0] !== 'declarations'))
    return { ok: false, reason: 'incomplete' };
  if (isForAnother(form.form, answers)) return { ok: false, reason: 'acts_for' };
  const whose = personIn(form.form, answers, asked);
  const wrong: ActMistakes = {
    ...(whose.ok ? {} : whose.mistakes),
    ...(mistakes.length > 0 && { declared: 'missing' }),
    ...(!asked.mayBeAttended && { mayBeAttended: 'missing' }),
  };
  if (!whose.ok || Object.keys(wrong).length > 0)
    return { ok: false, reason: 'invalid', mistakes: wrong };
  const { person } = whose;
  const name = { full: person.name, given: '', family: '' };
  if (isOfficial({ of: person, name }, official)) return { ok: false, reason: 'own' };
  const refused = await refusalOfPapers(papers, unit, row, filesIn(form.form, answers));
  if (refused?.reason === 'checking') return refused;
  if (refused) return { ok: false, reason: 'incomplete' };
  const t = translateTo(asked.language);
  const procedure = office.procedure(row.procedure);
  const act = actCaseOf(
    {
      ...{ case: id, reference: row.reference, version: row.version, answers, person },
      procedure: procedure?.code ?? form.form.procedure,
      name: textIn(form.form.title, asked.language) || textIn(procedure?.name, asked.language),
      form: { number: form.number, sha256: form.sha256 },
    },
    { form: form.form, context: { ...context, language: asked.language }, t },
  );
  return { ok: true, act };
}
