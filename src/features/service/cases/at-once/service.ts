import { randomUUID } from 'node:crypto';
import { atOnceOf, type AtOnce as WhatAtOnce } from '../../../../domain/form/at-once.ts';
import { statesOf } from '../../../../domain/form/states.ts';
import type { Office } from '../../../../domain/office/types.ts';
import { type Certified, certify, type Obstacle } from '../../../../domain/residence/certify.ts';
import { INSTALLATION, within } from '../../../../lib/db/database.ts';
import { formatError } from '../../../../lib/format-error.ts';
import { translateTo } from '../../../../lib/i18n/translate.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { PublishedForm } from '../../../foundation/forms/types.ts';
import type { IdentificationOf } from '../../../foundation/identification/types.ts';
import type { Residents } from '../../../foundation/residents/service.ts';
import { newCode } from '../../verification/service.ts';
import { isDocumentSeen, personOfAct } from '../by-act/rules.ts';
import { sealDecision } from '../desk/decided.ts';
import type { DecidingDeps } from '../desk/deciding.ts';
import { keepIssued } from '../desk/issued.ts';
import { writeDecision } from '../desk/store.ts';
import { readDecision } from '../desk/views.ts';
import { formOf, tell } from '../keeping.ts';
import { enter } from '../moving.ts';
import { entryIn } from '../opening.ts';
import { contextOf } from '../rules.ts';
import { openSealed, placeOf, sealObstacle } from '../sealing.ts';
import { setAtOnce } from '../store.ts';
import type { CaseEntry, CaseRecord, CaseRow } from '../types.ts';
import { readCase, readCaseEvents, readCaseForUpdate } from '../views.ts';
import { certificateOf } from './certificate.ts';
import { HOUR, isTried, minutesSince } from './rules.ts';
import { readAtOnceDue } from './views.ts';

/**
 * What is issued as soon as it is handed in, by automated action (Ley 40/2015, art. 41; docs/adr/0099). What can't be certain goes to an
 * official, with the reason.
 */
export interface AtOnce {
  /** Issues what a case is due, if it is. Whoever handed it in waits for this. Never throws: the job tries again what fails. */
  answer(office: Office, id: string): Promise<void>;
  /** Issues what is due and wasn't issued, in all offices. Returns how many cases were answered. */
  answerDue(): Promise<number>;
}

export interface AtOnceDeps extends Omit<DecidingDeps, 'notifying'> {
  residents: Pick<Residents, 'find'>;
  log: { error(what: object, message: string): void };
}

const SYSTEM = { kind: 'system', why: 'cases' } as const;
/** The most cases in one pass of the job. */
const MOST = 100;
/** The state to which it takes a case. */
const GRANTED = 'granted';

export function createAtOnce(deps: AtOnceDeps): AtOnce {
  const { db, clock, offices, log } = deps;
  return {
    answer: (office, id) =>
      answer(deps, office, id).catch((error: unknown) =>
        log.error(formatError(error), 'A case was not answered at once; it is tried again'),
      ),
    async answerDue() {
      const due = await within(db, INSTALLATION, (tx) => readAtOnceDue(tx, MOST));
      const failures: unknown[] = [];
      for (const { id, office: of, handedInAt } of due) {
        const minutes = minutesSince(handedInAt, clock.now());
        if (!isTried(minutes)) continue;
        const office = await offices.byId(of);
        await answer(deps, office, id).catch(async (error: unknown) => {
          failures.push(error);
          if (minutes >= HOUR) await giveUp(deps, office, id);
        });
      }
      // A case that fails holds up no other.
      if (failures.length > 0) throw new AggregateError(failures, 'Some cases were not answered');
      return due.length;
    },
  };
}

/** Leaves to an official what failed for an hour. */
async function giveUp(deps: AtOnceDeps, office: Office, id: string): Promise<void> {
  const form = await formOf(deps, office, id);
  if (!form) return;
  await deps.unit(SYSTEM, office.id, (unit) => leave(deps, unit, { id, form, obstacle: 'failed' }));
}

/** A case that is due, with what decides about it. */
interface Due {
  row: CaseRow;
  form: PublishedForm;
  what: WhatAtOnce;
  record: CaseRecord;
  entry: CaseEntry | null;
}

async function answer(deps: AtOnceDeps, office: Office, id: string): Promise<void> {
  const form = await formOf(deps, office, id);
  if (!form) return;
  const due = await deps.unit(SYSTEM, office.id, (unit) =>
    readDue(deps, unit, { id, office, form }),
  );
  if (!due) return;
  const certified = await certifiedOf(deps, office, due);
  if (!certified.ok) {
    const { obstacle } = certified;
    await deps.unit(SYSTEM, office.id, (unit) => leave(deps, unit, { id, form, obstacle }));
    return;
  }
  const code = newCode();
  const at = deps.clock.now();
  const { row, entry, what } = due;
  const { residence } = certified;
  const { language } = what;
  // Drawn without a lock: an authority of time may take seconds.
  const document = await deps.issuing.issue(
    certificateOf({ row, residence, entry, office, language, code, at }),
  );
  await deps.unit(SYSTEM, office.id, (unit) =>
    keep(deps, unit, { id, office, form, code, document }),
  );
}

/** Returns whether a case is still as it was handed in, due, and nobody's. */
const isDue = (row: CaseRow | null, { form }: PublishedForm): row is CaseRow =>
  row?.atOnce === 'due' && row.assignee === null && row.state === statesOf(form).start;

/** Reads what is due. What an official has taken, or taken to another state, is theirs. */
async function readDue(
  { keyring }: Pick<AtOnceDeps, 'keyring'>,
  unit: Unit,
  { id, office, form }: { id: string; office: Office; form: PublishedForm },
): Promise<Due | null> {
  const row = await readCase(unit.tx, id);
  if (row?.atOnce !== 'due') return null;
  const { record } = isDue(row, form) ? await openSealed(keyring, unit.tx, row) : { record: null };
  const context = record && contextOf(office, unit.now, row.language);
  const what = record && context && atOnceOf(form.form, record.answers, context);
  if (!record || !what) {
    await setAtOnce(unit.tx, id, null);
    return null;
  }
  return { row, form, what, record, entry: entryIn(await readCaseEvents(unit.tx, id)) };
}

/** Returns whose a case is: whoever identified to hand it in, or whom the official identified who did so for them. Null: nobody is known. */
async function whoseIs(
  identification: AtOnceDeps['identification'],
  record: CaseRecord,
): Promise<Pick<IdentificationOf, 'of' | 'name' | 'represents'> | null> {
  const { applicant } = record;
  const shown = personOfAct(record);
  if (shown)
    return { of: shown, name: { full: shown.name, given: '', family: '' }, represents: null };
  return applicant && identification.of(applicant.identification);
}

/** Looks up who handed it in, and decides whether what the register has of them can be certified. */
async function certifiedOf(
  { identification, residents, clock }: AtOnceDeps,
  office: Office,
  { row, record, what }: Due,
): Promise<Certified> {
  const { handedInFor } = record;
  if (handedInFor && !isDocumentSeen(handedInFor.consent))
    return { ok: false, obstacle: 'not_seen' };
  const by = await whoseIs(identification, record);
  if (!by) return { ok: false, obstacle: 'unknown' };
  if (by.represents || record.represents) return { ok: false, obstacle: 'acts_for' };
  const { extent } = what;
  const found = await residents.find(
    SYSTEM,
    office.id,
    { case: row.id, extent, isAsked: true },
    by.of,
  );
  const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
  const isForThem = handedInFor !== undefined;
  return certify(found, { name: by.name.full, extent, today, isForThem });
}

/** Leaves a case to an official. */
async function leave(
  { keyring }: Pick<AtOnceDeps, 'keyring'>,
  unit: Unit,
  { id, form, obstacle }: { id: string; form: PublishedForm; obstacle: Obstacle },
): Promise<void> {
  const row = await readCaseForUpdate(unit.tx, id);
  if (!isDue(row, form)) return;
  await setAtOnce(unit.tx, id, 'left', await sealObstacle(keyring, unit.tx, row, obstacle));
  await tell(unit, id, 'not_at_once', {});
}

async function keep(
  deps: AtOnceDeps,
  unit: Unit,
  on: { id: string; office: Office; form: PublishedForm; code: string; document: Buffer },
): Promise<void> {
  const { id, office, form, code, document } = on;
  const row = await readCaseForUpdate(unit.tx, id);
  if (!isDue(row, form)) return;
  if (await readDecision(unit.tx, id)) return setAtOnce(unit.tx, id, null);
  const key = await deps.keyring.make(unit.tx, placeOf(row));
  const text = translateTo(row.language)('residence.subject');
  const sealed = sealDecision(key, row, { text, reasons: '', appeal: '' });
  const written = { id: randomUUID(), case: id, outcome: GRANTED, sealed };
  await writeDecision(unit, written);
  await setAtOnce(unit.tx, id, 'issued');
  await enter(unit, row, { office, form, to: GRANTED });
  await keepIssued(deps, unit, row, { office, written, code, document });
}
