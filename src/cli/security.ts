import { pino } from 'pino';
import { systemClock } from '../lib/clock.ts';
import {
  createSecurityLog,
  type SecurityEvent,
  type SecurityFacts,
} from '../lib/security-events.ts';

const DONE: Readonly<Record<string, SecurityEvent>> = {
  backup: 'operator.backup_made',
  restore: 'operator.restored',
  'test mail': 'operator.message_tested',
  'test sms': 'operator.message_tested',
  'key rotate': 'operator.key_rotated',
  'key retire': 'operator.key_rotated',
  'key export': 'operator.key_exported',
  'staff add': 'operator.access_changed',
  'staff invite': 'operator.access_changed',
  'token create': 'operator.access_changed',
  'token revoke': 'operator.access_changed',
  'town apply': 'operator.access_changed',
  'residents import': 'operator.residents_changed',
  'residents remove': 'operator.residents_changed',
};

/** Records that a command is complete, if it matters for security. `command`: its name, such as `staff add`. */
export function noteDone(command: string): void {
  const event = Object.hasOwn(DONE, command) ? DONE[command] : undefined;
  if (event) noteFromCommand(event, { what: command.replace(' ', '_') });
}

/** Writes a security event of a command: a JSON line on the standard error, since the standard output is the command's answer. */
export function noteFromCommand<E extends SecurityEvent>(event: E, facts: SecurityFacts<E>): void {
  const log = pino({ base: null }, { write: (line: string) => process.stderr.write(line) });
  const security = createSecurityLog({ log, clock: systemClock, digest: () => '' });
  security.note(event, facts);
  security.close();
}
