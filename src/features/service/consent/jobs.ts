import { createHash } from 'node:crypto';
import type { Office } from '../../../domain/office/types.ts';
import { within } from '../../../lib/db/database.ts';
import { lockAppointment, recordForgotten } from '../../booking/appointments/service.ts';
import { dropKeys } from '../documents/service.ts';
import { newCode } from '../verification/service.ts';
import { type ConsentDeps, momentNow, openRecord, putOnTrail, tellOf } from './keeping.ts';
import { drawAct } from './pdf.ts';
import { standingOf } from './rules.ts';
import { setCopied, setDestroyed, setEnded } from './store.ts';
import type { ActRow } from './types.ts';
import { readActForUpdate, readDueActs, readExpired, readUncopied } from './views.ts';

const AT_ONCE = 50;
const SYSTEM = (why: string) => ({ kind: 'system', why }) as const;

type Which = Pick<ActRow, 'id' | 'office' | 'appointment'>;

export interface Jobs {
  /** Ends what nobody answered, and gives citizens the copies that they are owed. Answers how many acts. */
  pass(): Promise<number>;
  /** Destroys what an office keeps no longer; its certificate is on the trail. Answers how many acts. */
  destroy(office: Office): Promise<number>;
}

export function createJobs(deps: ConsentDeps): Jobs {
  const { db, clock, offices, documents, verifyUrl, notify } = deps;

  const expire = (which: Which) =>
    within(db, which.office, async (tx) => {
      const appointment = await lockAppointment(tx, which.appointment);
      const act = await readActForUpdate(tx, which.appointment, which.id);
      const now = momentNow(clock);
      if (!appointment || act?.state !== 'prepared') return;
      if (standingOf(act, appointment.status, now) !== 'expired') return;
      await setEnded(tx, act.id, 'expired', now);
      await dropKeys(tx, appointment.id);
      const by = { viewer: SYSTEM('nobody answered'), actor: 'system', now };
      await tellOf(tx, by, { appointment, act }, 'act_expired');
    });

  /** The document has an id from the beginning, and its code from when it is announced: whoever dies in the middle is gone on from. */
  const copy = async (which: Which) => {
    const office = await offices.byId(which.office);
    const found = await within(db, which.office, async (tx) => {
      const act = await readActForUpdate(tx, which.appointment, which.id);
      const kept = act && (await openRecord(deps, tx, act));
      return act && kept ? { ...kept, copy: act.copy } : null;
    });
    if (!found) return;
    const { title, language } = found.record;
    const viewer = SYSTEM('copy of a consent');
    const at = [viewer, office, which.appointment] as const;
    const begun = await documents.progress(...at, found.copy);
    const isWhole = begun !== null && begun.received === begun.size;
    const code = begun?.code ?? newCode();
    const bytes = await drawAct(found, office.timeZone, { code, address: verifyUrl(language) });
    // Another version, or another address, may have begun it.
    const isSame = begun?.code === code && begun.size === bytes.length;
    if (!isWhole && !isSame) {
      const paper = { id: found.copy, kind: 'outbox', requested: null, code } as const;
      const file = { name: `${title}.pdf`, type: 'application/pdf', size: bytes.length };
      const what = { ...paper, ...file };
      const made = await documents.begin(...at, what);
      if (!made.ok) throw new Error(`The copy of act ${which.id} can't be made: ${made.reason}`);
    }
    if (!isWhole) {
      const from = isSame ? begun.received : 0;
      const rest = async function* () {
        yield bytes.subarray(from);
      };
      const kept = await documents.append(...at, found.copy, from, rest());
      const why = kept.ok ? 'not all of it came' : kept.reason;
      if (!kept.ok || kept.received < bytes.length)
        throw new Error(`The copy of act ${which.id} can't be kept: ${why}`);
    }
    await within(db, which.office, async (tx) => {
      const now = momentNow(clock);
      await setCopied(tx, which.id, now);
      // What another version kept whole isn't these bytes.
      const isKnown = !isWhole || isSame;
      const hash = isKnown ? { hash: createHash('sha256').update(bytes).digest('hex') } : {};
      const data = { document: found.copy, ...hash };
      await putOnTrail(tx, viewer, which, { action: 'act_copied', now, data });
    });
    notify(which.office);
  };

  const destroyOne = (which: Which) =>
    within(db, which.office, async (tx) => {
      await lockAppointment(tx, which.appointment);
      const act = await readActForUpdate(tx, which.appointment, which.id);
      if (!act?.record) return;
      const now = momentNow(clock);
      // What was changed is destroyed all the same; the trail has what it was.
      const kept = await openRecord(deps, tx, act).catch(() => null);
      await setDestroyed(tx, act.id, now);
      await dropKeys(tx, which.appointment);
      const data = { hash: kept?.hash ?? '' };
      await putOnTrail(tx, SYSTEM('retention'), which, { action: 'act_destroyed', now, data });
      const { office, appointment } = which;
      await recordForgotten(tx, { office, appointments: [appointment], what: 'acts' }, now);
    });

  return {
    async pass() {
      const expired = await readExpired(db, clock.now(), AT_ONCE);
      for (const each of expired) await expire(each);
      for (const office of new Set(expired.map((each) => each.office))) notify(office);
      const owed = await readUncopied(db, AT_ONCE);
      const failures: unknown[] = [];
      // One that can't be made now holds up no other.
      for (const each of owed) await copy(each).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
      return expired.length + owed.length;
    },

    async destroy(office) {
      const { evidenceDays } = office.settings.retention;
      for (let destroyed = 0; ; ) {
        const before = clock.now().subtract({ hours: 24 * evidenceDays });
        const due = await within(db, office.id, (tx) =>
          readDueActs(tx, office.id, before, AT_ONCE),
        );
        for (const each of due) await destroyOne(each);
        destroyed += due.length;
        if (due.length > 0) notify(office.id);
        if (due.length < AT_ONCE) return destroyed;
      }
    },
  };
}
