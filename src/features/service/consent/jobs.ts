import { createHash } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { doAll, doEachOrFail } from '../../../lib/jobs/batches.ts';
import { lockAppointment, recordForgotten } from '../../booking/appointments/service.ts';
import type { Unit } from '../../foundation/audit/service.ts';
import { dropKeys } from '../documents/service.ts';
import type { NewDocument } from '../documents/types.ts';
import { newCode } from '../verification/service.ts';
import { type ConsentDeps, openRecord, putOnTrail, tellOf } from './keeping.ts';
import { copyOf } from './pdf.ts';
import { standingOf } from './rules.ts';
import { setCopied, setDestroyed, setEnded } from './store.ts';
import type { ActRow } from './types.ts';
import { readActForUpdate, readDueActs, readExpired, readUncopied } from './views.ts';

const AT_ONCE = 50;
/** Hours after which a consent hands in no form any more: it counts on its own day alone. */
const USABLE_HOURS = 24;
const NOBODY_ANSWERED = { kind: 'system', why: 'nobody answered' } as const;
const COPY = { kind: 'system', why: 'copy of a consent' } as const;
const RETENTION = { kind: 'system', why: 'retention' } as const;

type Which = Pick<ActRow, 'id' | 'office' | 'appointment'>;

export interface Jobs {
  /** Ends the acts that were not answered in time, and gives citizens the copies that they are owed. Returns how many acts. */
  pass(): Promise<number>;
  /** Destroys the acts that an office no longer keeps, and those whose case has ended or was not handed in by them on their day, with their copies, which have its answers; their certificates stay on the audit trail. Returns how many acts. */
  destroy(office: Office): Promise<number>;
}

/** `atOnce`: acts that are read at once by a pass. */
export function createJobs(deps: ConsentDeps, atOnce: number = AT_ONCE): Jobs {
  const { db, clock, unit } = deps;

  return {
    async pass() {
      const now = clock.now();
      const endExpired = () =>
        doEachOrFail(
          atOnce,
          (page) => readExpired(db, now, page),
          (each) => unit(NOBODY_ANSWERED, each.office, (it) => expire(it, each)),
          'Some acts could not be ended',
        );
      const giveCopies = () =>
        doEachOrFail(
          atOnce,
          (page) => readUncopied(db, page),
          (each) => copy(deps, each),
          'Some copies of consents can’t be made',
        );
      return doAll([endExpired, giveCopies], (step) => step());
    },

    destroy(office) {
      const { evidenceDays } = office.settings.retention;
      const now = clock.now();
      const before = now.subtract({ hours: 24 * evidenceDays });
      const unused = now.subtract({ hours: USABLE_HOURS });
      return doEachOrFail(
        AT_ONCE,
        (page) =>
          within(db, office.id, (tx) => readDueActs(tx, office.id, { before, unused }, page)),
        (each) => unit(RETENTION, each.office, (it) => destroyOne(deps, it, each)),
        'Some acts could not be destroyed',
      );
    },
  };
}

/** Ends an act that nobody answered, unless it was settled meanwhile. */
async function expire(unit: Unit, { id, appointment: of }: Which): Promise<boolean> {
  const { tx } = unit;
  const appointment = await lockAppointment(tx, of);
  const act = await readActForUpdate(tx, of, id);
  const now = unit.now;
  if (!appointment || act?.state !== 'prepared') return false;
  if (standingOf(act, appointment.status, now) !== 'expired') return false;
  await setEnded(tx, act.id, 'expired', now);
  await dropKeys(unit, appointment.id);
  await tellOf(unit, { appointment, act }, 'act_expired');
  return true;
}

/**
 * Gives the citizen the copy that they are owed. The document has its id from the beginning, and its code from its announcement, so that
 * another process can continue after a crash. What is kept in part is issued again: a seal never makes the same bytes twice. Returns whether they have it now; false:
 * the act was destroyed meanwhile.
 * @throws when the record can't be opened
 */
async function copy(deps: ConsentDeps, which: Which): Promise<boolean> {
  const { db, offices, documents, issuing, unit } = deps;
  const office = await offices.byId(which.office);
  const found = await within(db, which.office, async (tx) => {
    const act = await readActForUpdate(tx, which.appointment, which.id);
    if (!act?.record) return null;
    const kept = await openRecord(deps, tx, act);
    if (!kept) throw new Error(`The copy of act ${act.id} can't be made: its key is gone`);
    return { ...kept, copy: act.copy };
  });
  if (!found) return false;
  const { title, language } = found.record;
  const begun = await documents.progress(COPY, office, which.appointment, found.copy);
  const isWhole = begun !== null && begun.received === begun.size;
  let hash: string | undefined;
  if (!isWhole) {
    const code = begun?.code ?? newCode();
    const bytes = await issuing.issue(copyOf(found, office.timeZone, code));
    const name = `${translateTo(language)('ending.copies.file', { title })}.pdf`;
    const file = { name, type: 'application/pdf', size: bytes.length };
    const about = { kind: 'outbox', requested: null, code } as const;
    await keepCopy(
      documents,
      { office, which, paper: { id: found.copy, ...about, ...file } },
      bytes,
    );
    hash = createHash('sha256').update(bytes).digest('hex');
  }
  await unit(COPY, which.office, async (it) => {
    await setCopied(it.tx, which.id, it.now);
    await putOnTrail(it, which, 'act_copied', { document: found.copy, ...(hash && { hash }) });
  });
  return true;
}

/** Hands over a copy, from its beginning. */
async function keepCopy(
  documents: ConsentDeps['documents'],
  { office, which, paper }: { office: Office; which: Which; paper: NewDocument & { id: string } },
  bytes: Buffer,
): Promise<void> {
  const { appointment } = which;
  const made = await documents.begin(COPY, office, appointment, paper);
  if (!made.ok) throw new Error(`The copy of act ${which.id} can't be made: ${made.reason}`);
  const whole = async function* () {
    yield bytes;
  };
  const kept = await documents.append(COPY, office, appointment, paper.id, 0, whole());
  const why = kept.ok ? 'not all of it came' : kept.reason;
  if (!kept.ok || kept.received < bytes.length)
    throw new Error(`The copy of act ${which.id} can't be kept: ${why}`);
}

async function destroyOne(
  deps: Pick<ConsentDeps, 'keyring' | 'documents'>,
  unit: Unit,
  which: Which,
): Promise<boolean> {
  const { tx } = unit;
  const { appointment } = which;
  await lockAppointment(tx, appointment);
  const act = await readActForUpdate(tx, appointment, which.id);
  if (!act?.record) return false;
  // A record that was changed is destroyed too; the audit trail has its original hash.
  const kept = await openRecord(deps, tx, act).catch(() => null);
  await setDestroyed(tx, act.id, unit.now);
  if (act.case !== null)
    for (const each of [act.copy, kept?.record.consent?.paper?.scan?.id ?? []].flat())
      await deps.documents.destroyIn(unit, each);
  await dropKeys(unit, appointment);
  await putOnTrail(unit, which, 'act_destroyed', { hash: kept?.hash ?? '' });
  await recordForgotten(
    unit,
    { office: unit.office, appointments: [appointment], what: 'acts' },
    unit.now,
  );
  return true;
}
