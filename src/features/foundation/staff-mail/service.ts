import type { Clock } from '../../../lib/clock.ts';
import type { Db } from '../../../lib/db/database.ts';
import type { Offices } from '../offices/service.ts';
import { messageOf } from './letter.ts';
import type { StaffMail, StaffMessage } from './types.ts';
import { readMails } from './views.ts';

export { createStaffMailWorker } from './jobs.ts';
export { markStaffBounce, oweStaffMail, tellStaff } from './store.ts';
export type { StaffMailKind } from './types.ts';

/** The mails to staff about their own account. */
export interface StaffMailbox {
  /** Returns every recent mail that was not dropped, newest last, as text. */
  all(): Promise<StaffMessage[]>;
  /** Returns one mail; null when there is none with this id. */
  find(id: string): Promise<StaffMessage | null>;
  /** The same, when it is not obsolete: its link is valid, and its reader works here. */
  toSend(id: string): Promise<StaffMessage | null>;
}

export interface StaffMailDeps {
  db: Db;
  clock: Clock;
  offices: Pick<Offices, 'town' | 'find'>;
  /** Public address without a trailing slash. */
  baseUrl: string;
  /** The page where an invited person sets up their account. */
  setupUrl(invitation: string): string;
}

export function createStaffMail({ db, clock, offices, ...links }: StaffMailDeps): StaffMailbox {
  const say = async (mail: StaffMail): Promise<StaffMessage> => {
    const code = mail.facts.office;
    const office = code ? await offices.find(code) : null;
    return messageOf(mail, { town: await offices.town(), office, ...links });
  };
  const read = async (id: string) => (await readMails(db, clock.now(), id))[0];
  return {
    all: async () => Promise.all((await readMails(db, clock.now())).map(say)),
    find: async (id) => {
      const mail = await read(id);
      return mail ? say(mail) : null;
    },
    toSend: async (id) => {
      const mail = await read(id);
      if (!mail || mail.staff.retired || (mail.kind === 'invited' && !mail.isOpen)) return null;
      return say(mail);
    },
  };
}
