import type { DocumentViewer } from '../../../features/documents/types.ts';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** A cookie for each appointment, since a family shares a computer. Its name says nothing that the address doesn't. */
const cookieName = ({ appointment }: AppointmentVisit): string =>
  `finestreta_papers_${appointment.reference.replace('-', '').toLowerCase()}`;

/** Who asks for papers: whoever has the link, and whether a code was typed in this browser. */
export async function provedViewer(
  deps: Pick<CitizenDeps, 'codes'>,
  visit: AppointmentVisit,
): Promise<Extract<DocumentViewer, { proved: boolean }>> {
  const { c, appointment } = visit;
  const secret = secretIn(c.req.header('Cookie') ?? '', cookieName(visit));
  const proved = await deps.codes.isProved(appointment, secret);
  return { kind: 'citizen', appointment: appointment.id, proved };
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
  const cookie = { name: cookieName(visit), secret, seconds, path: '/' };
  c.header('Set-Cookie', giveSecret(deps.baseUrl, cookie), { append: true });
}
