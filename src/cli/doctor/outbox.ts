import { type Finding, right, warning, wrong } from './report.ts';

/** The state of the outbox. */
export interface Outbox {
  /** Due and not sent. */
  waiting: number;
  /** The due time of the oldest waiting one. */
  oldest: Temporal.Instant | null;
  /** Given up in the last thirty days. */
  failed: number;
}

const PATIENCE_MINUTES = 15;

/** Reports whether notices are sent in time. Pure. */
export function aboutOutbox(
  { waiting, oldest, failed }: Outbox,
  now: Temporal.Instant,
  canSend: boolean,
): Finding[] {
  const minutes = oldest ? Math.floor(now.since(oldest).total('minutes')) : 0;
  const words = `${waiting} ${waiting === 1 ? 'notice waits' : 'notices wait'} to be sent`;
  const findings: Finding[] = [];
  if (waiting === 0) findings.push(right('The outbox is empty: no notice waits.'));
  else if (minutes < PATIENCE_MINUTES || !canSend) findings.push(warning(`${words}.`));
  else {
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
        `${failed} ${failed === 1 ? 'notice' : 'notices'} of the last 30 days could not be delivered.`,
        'Each shows at its appointment in the console: call these people.',
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
