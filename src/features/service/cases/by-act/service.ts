import { filesIn } from '../../../../domain/form/files.ts';
import { levelOf } from '../../../../domain/form/online.ts';
import { validate } from '../../../../domain/form/validate.ts';
import { highestOf } from '../../../../domain/identity.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { actorOf, type StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { Identification } from '../../../foundation/identification/service.ts';
import type { SameNif } from '../../../foundation/staff-identifiers/types.ts';
import { isOfficial, isStillHabilitated } from '../../consent/rules.ts';
import type { Options } from '../../consent/service.ts';
import type { ActCase, ActEntry, ActRecord } from '../../consent/types.ts';
import { preparedRecordOf, registerCase } from '../handing-in.ts';
import { type CasesDeps, formOf } from '../keeping.ts';
import { refusalOfPapers } from '../papers/handing-in.ts';
import { contextOf, handsOf } from '../rules.ts';
import { openSealed } from '../sealing.ts';
import { setOwner } from '../store.ts';
import { type CaseRow, DRAFT } from '../types.ts';
import { isOnItsWay, readCaseForUpdate } from '../views.ts';
import { appointmentOfCase, mayServe } from './keeping.ts';
import { type PreparingDeps, prepareAct } from './preparing.ts';
import { answersHash, notByAct, withDeclared } from './rules.ts';
import { tellPerson } from './telling.ts';
import type { AskedAct, HandInForResult, PrepareActResult } from './types.ts';

/** What an official chooses from, and what was asked of the citizen before, the newest first. */
export interface ActsOfCase {
  appointment: string;
  options: Options;
  acts: readonly ActEntry[];
}

/** Handing in for somebody who can't do it electronically, by a habilitated official (Ley 39/2015, art. 12.2; docs/adr/0106). */
export interface ByAct {
  /** Returns the acts by which a form can be handed in; null: the case is not the viewer's, or was begun without an appointment. */
  actsOf(viewer: StaffViewer, office: Office, id: string): Promise<ActsOfCase | null>;
  /** Asks the citizen to consent that the official hands in what they filled in, bound to the answers as they are. */
  prepareAct(
    viewer: StaffViewer,
    office: Office,
    id: string,
    asked: AskedAct,
  ): Promise<PrepareActResult>;
  /**
   * Hands in a form by an act to which the citizen has consented: by the official who prepared it, on the day of the consent, while they are
   * habilitated, and with the answers of the consent.
   */
  handInFor(viewer: StaffViewer, office: Office, id: string, act: string): Promise<HandInForResult>;
}

export interface ByActDeps extends PreparingDeps {
  identification: CasesDeps['identification'] & Pick<Identification, 'named'>;
}

export function createByAct(deps: ByActDeps): ByAct {
  const { db, unit, consent } = deps;
  return {
    async actsOf(viewer, office, id) {
      const form = await formOf(deps, office, id);
      const appointment =
        form && (await within(db, office.id, (tx) => appointmentOfCase(tx, viewer, office, id)));
      if (!form || !appointment) return null;
      const { procedure } = form.form;
      const options = await consent.options(viewer, office, appointment, { procedure });
      const acts = (await consent.list(viewer, office, appointment)) ?? [];
      return options && { appointment, options, acts: acts.filter((each) => each.case === id) };
    },

    prepareAct: (viewer, office, id, asked) => prepareAct(deps, viewer, office, { id, asked }),

    async handInFor(viewer, office, id, act) {
      const form = await formOf(deps, office, id);
      const found = form && (await readActOf(deps, viewer, office, { id, act }));
      if (!form || !found) return { ok: false, reason: 'not_found' };
      if (found === 'none') return { ok: false, reason: 'not_consented' };
      const { record, hash, of } = found;
      const nif = await deps.officials.compare(viewer.staff, of.person);
      const person = await deps.identification.named(of.person);
      return unit(viewer, office.id, (each) =>
        handInFor(deps, each, {
          ...{ id, office, form, act, nif, person, of },
          consent: record,
          hash,
        }),
      );
    },
  };
}

/** Reads an act that a case is to be handed in by; `none`: no consent of this case that the viewer prepared. Null: the case is not the viewer's. */
async function readActOf(
  { db, consent }: Pick<ByActDeps, 'db' | 'consent'>,
  viewer: StaffViewer,
  office: Office,
  { id, act }: { id: string; act: string },
) {
  const at = await within(db, office.id, (tx) => appointmentOfCase(tx, viewer, office, id));
  if (at === undefined) return null;
  const found = await consent.consented(viewer, office, act);
  const of = found?.record.case;
  const isTheirs = of?.case === id && found?.act.preparedBy === actorOf(viewer);
  return found && isTheirs ? ({ ...found, of } as const) : 'none';
}

/** An act that is carried out, as it is looked up before the unit of work. What was consented to never changes. */
interface ToHandInFor {
  id: string;
  office: Office;
  form: PublishedForm;
  act: string;
  of: ActCase;
  consent: ActRecord;
  hash: string;
  /** Whether the document is the official's own. */
  nif: SameNif;
  /** The id of the citizen. */
  person: string;
}

/** Returns why an act can't be carried out now; null: it can. */
function refusalOfAct(
  { office, consent, of, nif }: ToHandInFor,
  now: Temporal.Instant,
): 'over' | 'not_habilitated' | 'own' | null {
  const dayOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(office.timeZone).toPlainDate();
  const today = dayOf(now);
  if (!consent.consent || !dayOf(Temporal.Instant.from(consent.consent.at)).equals(today))
    return 'over';
  if (!isStillHabilitated(office.settings.habilitated, consent.official, today))
    return 'not_habilitated';
  const name = { full: of.person.name, given: '', family: '' };
  return isOfficial({ of: of.person, name }, { name: consent.official.name, nif }) ? 'own' : null;
}

async function handInFor(
  deps: Pick<CasesDeps, 'keyring' | 'registry' | 'papers' | 'key'>,
  unit: Unit<StaffViewer>,
  on: ToHandInFor,
): Promise<HandInForResult> {
  const { id, office, form, of } = on;
  const { tx, now, viewer } = unit;
  const row = await readCaseForUpdate(tx, id);
  const isServed = row?.office === office.id && (await mayServe(tx, viewer, row)) !== null;
  if (!row || !isServed) return { ok: false, reason: 'not_found' };
  const { draft } = await openSealed(deps.keyring, tx, row);
  if (row.state !== DRAFT || !draft || (await isOnItsWay(tx, id)))
    return { ok: false, reason: 'handed_in' };
  if (row.person !== null) return { ok: false, reason: 'owned' };
  const refused = refusalOfAct(on, now);
  if (refused) return { ok: false, reason: refused };
  const context = contextOf(office, now, row.language);
  const declared = of.declared.map((each) => each.id);
  const given = withDeclared(draft.answers, form.form, declared);
  const obstacle = notByAct(form.form, given, context);
  if (obstacle) return { ok: false, reason: obstacle };
  const checked = validate(form.form, given, context);
  const { answers } = checked;
  if (row.version !== of.version || answersHash(answers) !== of.answers)
    return { ok: false, reason: 'changed' };
  if (!checked.ok) return { ok: false, reason: 'invalid', mistakes: checked.mistakes };
  const papers = await refusalOfPapers(deps.papers, unit, row, filesIn(form.form, answers));
  if (papers) return papers;
  await giveTo(unit, row, { form, person: on.person });
  const record = {
    ...preparedRecordOf({ identified: null }, row, {
      ...{ office, form, answers },
      hands: handsOf(draft, answers),
    }),
    handedInFor: handedInFor(on),
  };
  const known = {
    name: { full: of.person.name, given: '', family: '' },
    of: of.person,
    represents: null,
  };
  const done = await registerCase(deps, unit, row, { office, form, record, known });
  await tellPerson(deps, unit, { id, person: on.person });
  return done;
}

/** Makes a case whose form demands to know who applies the own one of whom the official identified: it opens to them, once they identify. */
async function giveTo(
  { tx }: Unit,
  { id }: CaseRow,
  { form, person }: { form: PublishedForm; person: string },
): Promise<void> {
  const demanded = levelOf(form.form);
  if (demanded === 'none') return;
  await setOwner(tx, id, { person, level: highestOf([demanded, 'low']) });
}

const handedInFor = ({ act, hash, consent }: ToHandInFor) => {
  const { staff, name, post, order } = consent.official;
  return { official: { staff, name, post, order }, act, hash, consent };
};
