import type { Office } from '../../../../domain/office/types.ts';
import { within } from '../../../../lib/db/database.ts';
import { sealText, unsealText } from '../../../../lib/envelope/seal.ts';
import { formatError } from '../../../../lib/format-error.ts';
import { doEach } from '../../../../lib/jobs/batches.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { Unit } from '../../../foundation/audit/service.ts';
import { removeOpening } from '../../../foundation/openings/service.ts';
import { readOpened } from '../../../foundation/openings/views.ts';
import type { Verified } from '../../documents/types.ts';
import { readCosigners } from '../cosigning/views.ts';
import { type CasesDeps, findTheirs } from '../keeping.ts';
import { placeOf } from '../sealing.ts';
import { DRAFT } from '../types.ts';
import { readCase, readCaseForUpdate } from '../views.ts';
import { endAfterHold, HOLD_LENGTH, mayHoldCases, SOON_DAYS, whyStays } from './rules.ts';
import { destroyCase, holdCase, letCaseGo } from './store.ts';
import type { ArchivePage, HoldRequest, HoldResult, Keeping } from './types.ts';
import {
  countDestroyed,
  countEnding,
  readCodesOf,
  readDestroyed,
  readDueCases,
  readEnding,
  readEndOfCode,
  readHold,
  readTies,
} from './views.ts';

/** Cases that are shown at once. */
export const ON_A_PAGE = 100;

/** How closed cases are kept, and how they end: docs/adr/0103. */
export interface Archive {
  /** Returns how long a case is kept; null: it isn't the viewer's, or was not handed in. */
  keeping(viewer: StaffViewer, office: Office, id: string): Promise<Keeping | null>;
  /** Keeps a case longer for a legal reason, or no longer: then it stays for some days at least. */
  hold(viewer: StaffViewer, office: Office, id: string, asked: HoldRequest): Promise<HoldResult>;
  /** Returns what is going to be destroyed soon, and what was; null: the viewer may not see it. */
  page(viewer: StaffViewer, office: Office): Promise<ArchivePage | null>;
  /** Destroys the cases of an office whose time is over, each in a transaction of its own. Returns how many. */
  destroy(office: Office): Promise<number>;
  /** Answers the verification code of a document whose case was destroyed; null: there is no such code. */
  verify(code: string): Promise<(Verified & { office: number }) | null>;
}

export interface ArchiveDeps
  extends Pick<CasesDeps, 'db' | 'clock' | 'unit' | 'forms' | 'keyring' | 'papers'> {
  log: { error(what: object, message: string): void };
}

export function createArchive(deps: ArchiveDeps): Archive {
  const { db, clock, unit, log } = deps;
  const todayIn = ({ timeZone }: Office) => clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
  return {
    keeping: (viewer, office, id) => keeping(deps, viewer, office, id),

    hold: (viewer, office, id, asked) =>
      unit(viewer, office.id, (each) => hold(deps, each, { id, office, asked })),

    async page(viewer, office) {
      if (!mayHoldCases(viewer) || viewer.office !== office.id) return null;
      const before = todayIn(office).add({ days: SOON_DAYS + 1 });
      return within(db, office.id, async (tx) => {
        const ending = await readEnding(tx, office.id, before, ON_A_PAGE);
        const destroyed = await readDestroyed(tx, office.id, ON_A_PAGE);
        return {
          ending,
          moreEnding: (await countEnding(tx, office.id, before)) - ending.length,
          destroyed,
          moreDestroyed: (await countDestroyed(tx, office.id)) - destroyed.length,
        };
      });
    },

    destroy(office) {
      const today = todayIn(office);
      // A case that fails holds up no other, nor what else is destroyed.
      return doEach(
        AT_ONCE,
        (page) => within(db, office.id, (tx) => readDueCases(tx, office.id, today, page)),
        (id) => destroyDue(deps, office, id),
        (error, id) => log.error(formatError(error), `Case ${id} was not destroyed`),
      );
    },

    async verify(code) {
      for (const opens of ['decision', 'receipt', 'notification'] as const) {
        const found = await readOpened(db, opens, code, async (tx, id, office) => {
          const end = await readEndOfCode(tx, id);
          return end && { id, office, ...end };
        });
        if (!found) continue;
        const { id, office, issuedAt, destroyedAt } = found;
        return { id, office, madeAt: issuedAt, what: { standing: 'expired', since: destroyedAt } };
      }
      return null;
    },
  };
}

/** The most cases that are looked for at once. */
const AT_ONCE = 50;
const RETENTION = { kind: 'system', why: 'retention' } as const;
const REASON = 'hold';

/** Destroys a case, if nothing keeps it: first its key, without which nothing of it can be read. */
function destroyDue(
  { unit, clock, forms, keyring, papers }: ArchiveDeps,
  office: Office,
  id: string,
): Promise<boolean> {
  return unit(RETENTION, office.id, async (each) => {
    const { tx } = each;
    const row = await readCaseForUpdate(tx, id);
    const today = clock.now().toZonedDateTimeISO(office.timeZone).toPlainDate();
    if (!row?.endsOn || Temporal.PlainDate.compare(row.endsOn, today) >= 0) return false;
    if (whyStays(await readTies(tx, id))) return false;
    const { form } = await forms.version(office.id, row.form);
    const schedule = form.retention.schedule ?? null;
    await papers.remove(each, { office: office.id, case: id });
    await keyring.end(tx, placeOf(row));
    await removeOpening(each, 'case', id);
    for (const cosigner of await readCosigners(tx, id))
      await removeOpening(each, 'cosigner', cosigner.id);
    await destroyCase(each, row, { schedule, codes: await readCodesOf(tx, id) });
    await each.record('case_destroyed', { data: { case: id, ...(schedule && { schedule }) } });
    return true;
  });
}

function keeping(
  { unit, forms, keyring }: ArchiveDeps,
  viewer: StaffViewer,
  office: Office,
  id: string,
): Promise<Keeping | null> {
  return unit(viewer, office.id, async (each) => {
    const row = await findTheirs(each, id, readCase);
    if (!row || row.state === DRAFT) return null;
    const { form } = await forms.version(office.id, row.form);
    const mayHold = mayHoldCases(viewer);
    const held = await readHold(each.tx, id);
    const key = held && mayHold ? await keyring.shelf(each.tx, placeOf(row)) : null;
    const reason = held && key ? unsealText(key, placeOf(row), REASON, held.sealed) : '';
    return {
      until: row.endsOn,
      isForGood: form.retention.permanent === true,
      held: held && { at: held.at, by: held.by, reason },
      mayHold,
    };
  });
}

async function hold(
  { keyring }: Pick<ArchiveDeps, 'keyring'>,
  unit: Unit<StaffViewer>,
  { id, office, asked }: { id: string; office: Office; asked: HoldRequest },
): Promise<HoldResult> {
  const { tx, viewer, now, record } = unit;
  const row = mayHoldCases(viewer) ? await findTheirs(unit, id, readCaseForUpdate) : null;
  if (!row || row.state === DRAFT) return { ok: false, reason: 'not_found' };
  const held = await readHold(tx, id);
  if ((held?.at.epochMilliseconds ?? null) !== (asked.seen?.epochMilliseconds ?? null))
    return { ok: false, reason: 'changed' };
  if (asked.reason === null) {
    const today = now.toZonedDateTimeISO(office.timeZone).toPlainDate();
    await letCaseGo(unit, id, endAfterHold(row.endsOn, today));
    await record('case_let_go', { data: { case: id } });
    return { ok: true };
  }
  const words = asked.reason.trim();
  if (words === '') return { ok: false, reason: 'no_reason' };
  if (words.length > HOLD_LENGTH) return { ok: false, reason: 'too_long' };
  const key = await keyring.make(tx, placeOf(row));
  await holdCase(unit, id, sealText(key, placeOf(row), REASON, words));
  await record('case_held', { data: { case: id } });
  return { ok: true };
}
