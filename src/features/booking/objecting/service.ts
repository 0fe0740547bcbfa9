import type { Db } from '../../../lib/db/database.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import type { RunUnit } from '../../foundation/audit/service.ts';
import { noticeOfToken, readNotice } from '../../foundation/notices/service.ts';
import { appendEvent, lockAppointment } from '../appointments/service.ts';
import { dispute } from '../proof/service.ts';
import type { ToldState } from '../proof/types.ts';
import { readToldState } from '../proof/views.ts';

/** A notice of a changed address, for the person at the former address who objects. */
export interface Objectable {
  office: number;
  language: Language;
  /** Reference of the appointment; empty: the notice was about none. */
  reference: string;
  state: ToldState;
}

/** Lets the person at the former address object to a change of address, by the link in its notice. */
export interface Objecting {
  /** Returns null when no such notice was ever sent. */
  find(token: string): Promise<Objectable | null>;
  /** Freezes the address. A repetition changes nothing. */
  object(token: string): Promise<Objectable | null>;
}

const ADDRESSEE = { kind: 'addressee' } as const;

export function createObjecting(deps: {
  database: { kysely: Db };
  keys: Record<'links', PurposeKey>;
  unit: RunUnit;
}): Objecting {
  const { keys } = deps;
  const { kysely: db } = deps.database;

  const on = async (token: string, isObjecting: boolean): Promise<Objectable | null> => {
    const id = noticeOfToken(keys.links, token);
    const notice = id && (await readNotice(db, id));
    if (!notice) return null;
    const { office, language, facts } = notice;
    const found = { office, language, reference: facts.reference ?? '' };
    if (notice.kind !== 'contact' || !notice.appointment) return { ...found, state: 'over' };
    const appointment = notice.appointment;
    const state = await deps.unit(ADDRESSEE, office, async (unit): Promise<ToldState> => {
      const { tx } = unit;
      const reached = await lockAppointment(tx, appointment);
      if (!reached || reached.citizen.name === '') return 'over';
      const was = await readToldState(tx, { notice: id, reached });
      if (!isObjecting || was !== 'open') return was;
      await dispute(unit, { notice: id, reached });
      await appendEvent(unit, { appointment: reached, kind: 'contact_disputed' });
      await unit.record('contact_disputed', { appointment });
      return 'disputed';
    });
    return { ...found, state };
  };

  return { find: (token) => on(token, false), object: (token) => on(token, true) };
}
