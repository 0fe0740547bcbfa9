import type { Appointment } from '../../../domain/appointment.ts';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import type { CitizenProof } from '../../../lib/viewer.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** The prefix of the cookies that open documents in this browser. */
export const PROOF_COOKIES = 'finestreta_papers_';

/**
 * Returns the cookie's name. Each appointment has its own cookie, since a family shares a computer. The
 * name reveals no more than the address.
 */
const cookieName = ({ reference }: Pick<Appointment, 'reference'>): string =>
  `${PROOF_COOKIES}${reference.replace('-', '').toLowerCase()}`;

/** Returns the proof in this browser; null where it has the link alone. */
export function proofIn(
  { proofs, baseUrl }: Pick<CitizenDeps, 'proofs' | 'baseUrl'>,
  cookies: string | undefined,
  appointment: Appointment,
): Promise<CitizenProof | null> {
  return proofs.find(appointment, secretIn(cookies ?? '', cookieName(appointment), baseUrl));
}

/** Sets the cookie that remembers the typed code, for as long as there may be documents. */
export function rememberProof(
  deps: Pick<CitizenDeps, 'baseUrl'>,
  visit: AppointmentVisit,
  secret: string,
): void {
  const { c, appointment, office, now } = visit;
  const last = appointment.end.add({ hours: office.settings.retention.documentsHours + 24 });
  const seconds = Math.max(3600, Math.ceil(last.since(now).total('seconds')));
  const cookie = { name: cookieName(appointment), secret, seconds };
  c.header('Set-Cookie', giveSecret(deps.baseUrl, cookie), { append: true });
}
