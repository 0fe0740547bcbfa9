import type { Appointment } from '../../domain/appointment.ts';
import type { Office } from '../../domain/office/types.ts';
import { type Language, textIn } from '../../lib/i18n/languages.ts';
import type { CitizenDeps } from './visit.tsx';

/** Returns who attends: a first name and the office, or the office alone. The two are put side by side, which needs no article. */
export async function formatAttendant(
  { attendants }: Pick<CitizenDeps, 'attendants'>,
  visit: { office: Office; appointment: Pick<Appointment, 'id'>; language: Language },
): Promise<string> {
  const { office, appointment, language } = visit;
  const name = await attendants.of(office, appointment.id);
  return [name, textIn(office.name, language)].filter(Boolean).join(', ');
}
