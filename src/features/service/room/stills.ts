import type { Appointment, EventKind } from '../../../domain/appointment.ts';
import { hasRoom } from '../../../domain/channel.ts';
import type { Office } from '../../../domain/office/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { actorOf, type StaffViewer, type Viewer } from '../../../lib/viewer.ts';
import { appendEvent, lockAppointment } from '../../booking/appointments/service.ts';
import { readEvents } from '../../booking/appointments/views.ts';
import { aboutAppointment, type RunUnit, type Unit } from '../../foundation/audit/service.ts';
import type { Documents } from '../documents/service.ts';
import { isTheirs } from '../encounter/rules.ts';
import { mayTalk, stillOf } from './rules.ts';
import type { StillState } from './types.ts';

type Refused<R extends string> = { ok: false; reason: R };

/**
 * A picture of a document that the citizen shows on camera: asked on their screen, answered there, on record, and one for each
 * time that they agree. Not at all where the office says so (`video.stills`).
 */
export interface Stills {
  ask(
    who: StaffViewer,
    office: Office,
    appointment: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>>;
  /** `answer`: `yes` or `no`. */
  answer(
    who: Viewer,
    office: Office,
    appointment: string,
    answer: string,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open' | 'invalid'>>;
  /** Keeps the picture that was agreed to: a JPEG. */
  keep(
    who: StaffViewer,
    office: Office,
    appointment: string,
    jpeg: Buffer,
  ): Promise<{ ok: true } | Refused<'not_found' | 'not_open' | 'invalid' | 'not_kept'>>;
}

const STILL = {
  kind: 'evidence',
  requested: null,
  name: 'document.jpg',
  type: 'image/jpeg',
} as const;

/** ISO 10918-1: start of image, then a marker. */
const isJpeg = (bytes: Buffer): boolean => bytes.subarray(0, 3).toString('hex') === 'ffd8ff';

/** The steps of a picture, each an event and an audit action. */
type StillDeed = Extract<EventKind, `still_${string}`>;

export interface StillsDeps {
  documents: Pick<Documents, 'keep' | 'undo'>;
  unit: RunUnit;
}

export function createStills({ documents, unit }: StillsDeps): Stills {
  return {
    ask: (who, office, id) =>
      unit(who, office.id, (each) =>
        change(each, office, id, { from: [null, 'refused'], kind: 'still_asked' }),
      ),

    async answer(who, office, id, answer) {
      if (who.kind !== 'citizen') return { ok: false, reason: 'not_found' };
      if (answer !== 'yes' && answer !== 'no') return { ok: false, reason: 'invalid' };
      const kind = answer === 'yes' ? 'still_agreed' : 'still_refused';
      return unit(who, office.id, (each) => change(each, office, id, { from: ['asked'], kind }));
    },

    async keep(who, office, id, jpeg) {
      const found = await unit(who, office.id, (each) => find(each, office, id, ['agreed']));
      if (typeof found === 'string') return { ok: false, reason: found };
      if (!isJpeg(jpeg)) return { ok: false, reason: 'invalid' };
      const kept = await documents.keep(who, office, id, STILL, jpeg);
      if (!kept.ok) return { ok: false, reason: 'not_kept' };
      const undo = () => documents.undo(who, office, id, kept.id);
      const done = await unit(who, office.id, (each) =>
        change(each, office, id, { from: ['agreed'], kind: 'still_kept' }),
      ).catch(async (error: unknown) => {
        await undo();
        throw error;
      });
      // Pressed twice at once: one picture was agreed to.
      if (!done.ok) await undo();
      return done;
    },
  };
}

/** Returns the appointment, where this viewer has a say in its pictures and they stand as `from`. */
async function find(
  { tx, viewer, now }: Unit,
  office: Office,
  id: string,
  from: readonly (StillState | null)[],
): Promise<Appointment | 'not_found' | 'not_open'> {
  const found = isUuid(id) ? await lockAppointment(tx, id) : null;
  if (!found || !isTheirs(viewer, found)) return 'not_found';
  const isAsked = office.settings.video.stills === 'asked';
  if (found.status !== 'in_progress' || !hasRoom(found.channel) || !isAsked) return 'not_open';
  const events = await readEvents(tx, id);
  if (viewer.kind === 'staff' && !mayTalk(events, actorOf(viewer))) return 'not_found';
  return from.includes(stillOf(events, now)) ? found : 'not_open';
}

/** Goes from one state of the picture to the next, on record. */
async function change(
  unit: Unit,
  office: Office,
  id: string,
  { from, kind }: { from: readonly (StillState | null)[]; kind: StillDeed },
): Promise<{ ok: true } | Refused<'not_found' | 'not_open'>> {
  const found = await find(unit, office, id, from);
  if (typeof found === 'string') return { ok: false, reason: found };
  await appendEvent(unit, { appointment: found, kind });
  await unit.record(kind, aboutAppointment(found));
  return { ok: true };
}
