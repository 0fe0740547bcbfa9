import type { Office } from '../../../../domain/office/types.ts';
import { textIn } from '../../../../lib/i18n/languages.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import type { FailureReason } from '../../../foundation/registry/types.ts';
import { handedInBy, issuedDecision, tellCase, withIdentity } from '../../cases/service.ts';
import { readCase } from '../../cases/views.ts';
import type { NotificationsDeps } from '../deps.ts';
import { OPEN_DAYS } from '../rules.ts';
import type { NotificationPort, PortFailure, ToHandOver } from '../types.ts';
import { readForUpdate, readWho } from '../views.ts';
import { receiverOf, referenceOf, secondsUntilTry } from './rules.ts';
import { noteSending, postpone, setNumber, take } from './store.ts';
import type { Owed } from './views.ts';

/** The most notifications in one pass of the job. */
const AT_ONCE = 50;
export const SYSTEM = { kind: 'system', why: 'notifications' } as const;

/** Hands what is owed and due over to e-NOTUM. Returns how many were tried. */
export async function handOver(deps: NotificationsDeps): Promise<number> {
  const { db, clock } = deps;
  const port = await deps.port();
  if (!port) return 0;
  for (let tried = 0; tried < AT_ONCE; tried++) {
    const taken = await take(db, clock.now());
    if (!taken) return tried;
    // What is away may take minutes to say so: the others wait for the next pass.
    if ((await handOne(deps, port, taken)) === 'away') return tried + 1;
  }
  return AT_ONCE;
}

/** Hands a notification over that this worker has, unless it is there. Returns why it had no end; null: it had one, or nothing was to be done. */
async function handOne(
  deps: NotificationsDeps,
  port: NotificationPort,
  taken: Owed,
): Promise<FailureReason | null> {
  const office = await deps.offices.byId(taken.office);
  const what = await toHandOver(deps, office, taken);
  if (what === 'none') return null;
  if (what === 'nobody') return fail(deps, taken, NOBODY, { wasSent: false, isAbsent: false });
  const found = await port.find(what.id);
  if (!found.ok) return fail(deps, taken, found, { wasSent: false, isAbsent: false });
  if (found.value !== null) return keep(deps, office, { taken, number: found.value });
  let wasSent = false;
  const goAhead = async () => {
    wasSent = await noteSending(deps.db, taken, deps.clock.now());
    return wasSent;
  };
  const made = await port.hand(what, goAhead);
  if (!made) return null;
  if (made.ok) return keep(deps, office, { taken, number: made.value });
  const isAbsent = wasSent && made.reason === 'refused';
  return fail(deps, taken, made, { wasSent, isAbsent });
}

const NOBODY: PortFailure = { reason: 'refused', code: 'no_receiver', words: null };

/** Returns what is handed over of a notification. `none`: it goes another way, or nothing is left of it. `nobody`: who it is for is not known any more. */
async function toHandOver(
  deps: NotificationsDeps,
  office: Office,
  { notification: id, round }: Owed,
): Promise<ToHandOver | 'none' | 'nobody'> {
  const read = await deps.unit(SYSTEM, office.id, (each) => readParts(deps, each, id));
  if (!read) return 'none';
  const { row, of, decision, by } = read;
  const known = by === null ? null : await deps.identification.of(by);
  const record = { applicant: by === null ? null : { identification: by, level: row.level } };
  const applicant = await withIdentity(deps.identification, read.applicant, record);
  const to = receiverOf({ applicant, known });
  if (!to) return 'nobody';
  const { language, reference } = row;
  const name = textIn(office.procedure(row.procedure)?.name, language);
  return {
    ...{ id: referenceOf(id, round), reference, to, language },
    title: `${name} (${reference})`,
    level: of.level,
    days: OPEN_DAYS,
    notice: { email: applicant?.email ?? null, phone: applicant?.phone ?? null },
    document: decision.document,
  };
}

async function readParts({ keyring }: Pick<NotificationsDeps, 'keyring'>, each: Unit, id: string) {
  const of = await readForUpdate(each.tx, id);
  const row = of && of.via === 'enotum' ? await readCase(each.tx, of.case) : null;
  if (!of || !row) return null;
  const decision = await issuedDecision(keyring, each, { id: row.id, office: row.office });
  if (!decision) return null;
  const applicant = await handedInBy(keyring, each, row);
  const { handedInBy: by } = await readWho(each.tx, row.id);
  return { row, of, decision, applicant, by };
}

/** Keeps the number of a notification there. */
async function keep(
  { unit }: Pick<NotificationsDeps, 'unit'>,
  office: Office,
  { taken, number }: { taken: Owed; number: string },
): Promise<null> {
  await unit(SYSTEM, office.id, async (each) => {
    const of = await readForUpdate(each.tx, taken.notification);
    if (!of || !(await setNumber(each, of.id, number))) return;
    await tellCase(each, of.case, 'notification_handed', { via: of.via, number });
  });
  return null;
}

/** Notes why a try had no end, and when the next one is. Returns why. */
async function fail(
  { db, clock, log, random = Math.random }: NotificationsDeps,
  taken: Owed,
  failure: PortFailure,
  on: { wasSent: boolean; isAbsent: boolean },
): Promise<FailureReason> {
  const { reason, code, words } = failure;
  const { attempts, notification } = taken;
  const wasSent = on.wasSent && !on.isAbsent;
  const seconds = secondsUntilTry(attempts, { reason, wasSent, random: random() });
  const at = clock.now().add({ milliseconds: Math.round(seconds * 1000) });
  const what = { notification, attempts, reason, code };
  if (reason === 'away') log.info(what, 'e-NOTUM does not answer');
  else log.warn(what, 'e-NOTUM does not take a notification');
  await postpone(db, taken, at, { reason, code, words, isAbsent: on.isAbsent });
  return reason;
}
