import type { Queue } from '../../../features/insight/operating/types.ts';
import { type Finding, right, warning, wrong } from '../report.ts';

/** The outboxes: notices to citizens, and mails to staff. */
export interface Outboxes {
  notices: Queue;
  staffMail: Queue;
}

const PATIENCE_MINUTES = 15;

interface Words {
  one: string;
  many: string;
  /** What to do about those that could not be delivered. */
  remedy: string;
}

const NOTICES: Words = {
  one: 'notice',
  many: 'notices',
  remedy: 'Each shows at its appointment in the console: call these people.',
};
const STAFF_MAIL: Words = {
  one: 'mail to staff',
  many: 'mails to staff',
  remedy: 'The page "People" shows whose invitation did not arrive: is the address right?',
};

/** Reports whether notices and mails to staff are sent in time. `canSend`: a mail server is set. Pure. */
export function aboutOutbox(
  { notices, staffMail }: Outboxes,
  now: Temporal.Instant,
  canSend: boolean,
): Finding[] {
  const found = [
    ...waitingOf(notices, NOTICES, now, canSend),
    ...waitingOf(staffMail, STAFF_MAIL, now, canSend),
  ];
  const isEmpty = notices.waiting + staffMail.waiting === 0;
  return isEmpty
    ? [right('The outbox is empty: no notice and no mail to staff waits.'), ...found]
    : found;
}

function waitingOf(
  { waiting, oldest, failed }: Queue,
  { one, many, remedy }: Words,
  now: Temporal.Instant,
  canSend: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const minutes = oldest ? Math.floor(now.since(oldest).total('minutes')) : 0;
  const words = `${waiting} ${waiting === 1 ? `${one} waits` : `${many} wait`} to be sent`;
  if (waiting > 0 && (minutes < PATIENCE_MINUTES || !canSend)) findings.push(warning(`${words}.`));
  else if (waiting > 0) {
    findings.push(
      wrong(
        `${words}, the oldest for ${inWords(minutes)}.`,
        'Is a worker running (ROLES), and does the mail server take our mails? The log says why each was not sent.',
      ),
    );
  }
  if (failed > 0) {
    findings.push(
      warning(
        `${failed} ${failed === 1 ? one : many} of the last 30 days could not be delivered.`,
        remedy,
      ),
    );
  }
  return findings;
}

function inWords(minutes: number): string {
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
