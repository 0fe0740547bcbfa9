import type { Office } from '../../../domain/office/types.ts';
import { type Tx, within } from '../../../lib/db/database.ts';
import { sealText } from '../../../lib/envelope/seal.ts';
import type { Viewer } from '../../../lib/viewer.ts';
import { recordForgotten } from '../../booking/appointments/service.ts';
import { heldReasonOf, shelfPlace } from './reading.ts';
import { LONGEST_REASON, mayHold, mayTakeOrphans, UNFINISHED_HOURS } from './rules.ts';
import {
  dropKeys,
  findDocument,
  putOnTrail,
  type Refused,
  removeOrLeave,
  type SpaceDeps,
} from './space.ts';
import { forgetLoosePieces, setDestroyed, setHeld, shred } from './store.ts';
import type { DocumentRow } from './types.ts';
import { readDue, readKnownBlobs, readLoosePieces } from './views.ts';

/** How many documents one transaction destroys, so that none holds anybody up for long. */
const AT_ONCE = 50;
/** How many names the database is asked about at once. */
const NAMES_AT_ONCE = 1000;
/** What no document knew of for so long is nobody's: a piece is known moments after it lies there. */
const ORPHAN_SWEEPS_APART_MINUTES = 60;

/** Most of what lies there is nobody's: this isn't the database that it belongs to. Nothing was taken away. */
class ForeignPieces extends Error {
  override name = 'ForeignPieces';
}

/** Destroying what is kept no longer, and what a law keeps for longer. */
export interface Destroying {
  /** Destroys what an office keeps no longer: first the keys, then the bytes. Answers how many documents. */
  destroy(office: Office): Promise<number>;
  /** Takes away what lies there and no document knows: left by a crash. Answers how many pieces. @throws ForeignPieces */
  sweepOrphans(): Promise<number>;
  /** Keeps a document beyond its time for a legal reason; null: no longer. Who coordinates answers for it. */
  hold(
    viewer: Viewer,
    office: Office,
    appointment: string,
    id: string,
    reason: string | null,
  ): Promise<{ ok: true } | Refused<'not_found' | 'no_reason'>>;
}

export function createDestroying(deps: SpaceDeps): Destroying {
  const { db, blobs, clock, keyring, notify } = deps;
  /** Names that no document knew, and when that was found. */
  let strangers = new Map<string, Temporal.Instant>();

  const destroySome = (office: Office): Promise<{ done: number; left: string[] }> =>
    within(db, office.id, async (tx) => {
      const now = clock.now();
      const { documentsHours, evidenceDays } = office.settings.retention;
      const due = await readDue(tx, office.id, {
        working: now.subtract({ hours: documentsHours }),
        evidence: now.subtract({ hours: 24 * evidenceDays }),
        unfinished: now.subtract({ hours: UNFINISHED_HOURS }),
        most: AT_ONCE,
      });
      const left: string[] = [];
      for (const each of due) left.push(...(await destroyOne(tx, each, now)));
      const appointments = [...new Set(due.map((each) => each.appointment))].sort();
      for (const each of appointments) await dropKeys(tx, each);
      if (appointments.length > 0)
        await recordForgotten(tx, { office: office.id, appointments, what: 'documents' }, now);
      return { done: due.length, left };
    });

  return {
    async destroy(office) {
      let destroyed = 0;
      for (;;) {
        const { done, left } = await destroySome(office);
        await removeOrLeave(blobs, left);
        destroyed += done;
        if (done > 0) notify(office.id);
        if (done < AT_ONCE) return destroyed;
      }
    },

    async sweepOrphans() {
      const now = clock.now();
      const found = new Map<string, Temporal.Instant>();
      const doomed: string[] = [];
      const loose: string[] = [];
      const since = now.subtract({ minutes: ORPHAN_SWEEPS_APART_MINUTES });
      const count = { there: 0, known: 0 };
      const look = async (names: readonly string[]) => {
        const pieces = names.filter(isPiece);
        const known = await readKnownBlobs(db, pieces);
        const ours = await readLoosePieces(db, pieces, since);
        count.there += names.length;
        count.known += known.size;
        for (const name of names.filter((each) => !known.has(each))) {
          if (ours.has(name)) {
            loose.push(name);
            continue;
          }
          const first = strangers.get(name) ?? now;
          if (Temporal.Instant.compare(first, since) <= 0) doomed.push(name);
          else found.set(name, first);
        }
      };
      let names: string[] = [];
      for await (const name of blobs.list()) {
        if (names.push(name) < NAMES_AT_ONCE) continue;
        await look(names);
        names = [];
      }
      if (names.length > 0) await look(names);
      await blobs.remove(loose);
      await forgetLoosePieces(db, since);
      const isLikely = mayTakeOrphans({ ...count, orphans: doomed.length });
      if (doomed.length > 0 && !isLikely) throw new ForeignPieces();
      strangers = found;
      await blobs.remove(doomed);
      return loose.length + doomed.length;
    },

    async hold(viewer, office, appointment, id, reason) {
      const words = reason?.trim().slice(0, LONGEST_REASON);
      const result = await within(db, office.id, async (tx) => {
        const document = mayHold(viewer) ? await findDocument(tx, viewer, appointment, id) : null;
        if (!document) return { ok: false, reason: 'not_found' } as const;
        if (words === '') return { ok: false, reason: 'no_reason' } as const;
        const now = clock.now();
        const shelf = shelfPlace(document);
        const key = words ? await keyring.shelf(tx, shelf) : null;
        if (words && !key) return { ok: false, reason: 'not_found' } as const;
        const sealed = key && words ? sealText(key, shelf, heldReasonOf(document), words) : null;
        await setHeld(tx, id, sealed && { viewer, reason: sealed, now });
        const action = sealed ? 'document_held' : 'document_let_go';
        await putOnTrail(tx, viewer, document, { action, now });
        return { ok: true } as const;
      });
      if (result.ok) notify(office.id);
      return result;
    },
  };
}

/** Its certificate stays on the trail: which, how large, by which clock. Answers the pieces. */
async function destroyOne(tx: Tx, document: DocumentRow, now: Temporal.Instant): Promise<string[]> {
  const { id, kind, size, state } = document;
  const left = await shred(tx, id, now);
  await setDestroyed(tx, id, now);
  const viewer = { kind: 'system', why: 'retention' } as const;
  const data = { kind, size, pieces: left.length, unfinished: state === 'receiving' };
  await putOnTrail(tx, viewer, document, { action: 'document_destroyed', now, data });
  return left;
}

const isPiece = (name: string): boolean => /^[0-9a-f-]{36}$/.test(name);
