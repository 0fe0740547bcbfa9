import type { Appointment } from '../../../features/appointments/types.ts';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** A cookie for each appointment, since a family shares a computer. Its name says nothing that the address doesn't. */
const cookieName = ({ reference }: Pick<Appointment, 'reference'>): string =>
  `finestreta_papers_${reference.replace('-', '').toLowerCase()}`;

/** What was proved in the browser that asks: null where it has the link alone. */
export function proofIn(
  { proofs }: Pick<CitizenDeps, 'proofs'>,
  cookies: string | undefined,
  appointment: Appointment,
): Promise<CitizenProof | null> {
  return proofs.find(appointment, secretIn(cookies ?? '', cookieName(appointment)));
}

/** Remembers in this browser that the code was typed, for as long as there may be papers. */
export function rememberProof(
  deps: Pick<CitizenDeps, 'baseUrl'>,
  visit: AppointmentVisit,
  secret: string,
): void {
  const { c, appointment, body, now } = visit;
  const last = appointment.end.add({ hours: body.settings.retention.documentsHours + 24 });
  const seconds = Math.max(3600, Math.ceil(last.since(now).total('seconds')));
  const cookie = { name: cookieName(appointment), secret, seconds, path: '/' };
  c.header('Set-Cookie', giveSecret(deps.baseUrl, cookie), { append: true });
}
