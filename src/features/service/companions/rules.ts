import type { Appointment } from '../../../domain/appointment.ts';
import { hasRoom, isAtSite } from '../../../domain/channel.ts';
import { nameMistake } from '../../../domain/names.ts';
import { isDisplaced } from '../../booking/appointments/rules.ts';
import { roomStands } from '../room/rules.ts';
import { type CompanionRole, type Invitation, type InvitationMistakes, ROLES } from './types.ts';

/** Beside the citizen and whoever attends: four in a call. */
export const MOST_COMPANIONS = 2;
export const LONGEST_NAME = 100;

/** Checks what was typed of somebody who is to come along. */
export function checkInvitation(raw: {
  name?: string;
  role?: string;
}): { ok: true; invitation: Invitation } | { ok: false; mistakes: InvitationMistakes } {
  const name = (raw.name ?? '')
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const role = ROLES.find((each) => each === raw.role);
  const mistakes: InvitationMistakes = {};
  if (name === '') mistakes.name = 'missing';
  else if (name.length > LONGEST_NAME) mistakes.name = 'too_long';
  else if (nameMistake(name) === 'has_link') mistakes.name = 'has_link';
  if (!role) mistakes.role = raw.role ? 'not_known' : 'missing';
  if (!role || mistakes.name) return { ok: false, mistakes };
  return { ok: true, invitation: { name, role: role satisfies CompanionRole } };
}

type Stood = Pick<Appointment, 'channel' | 'status' | 'start' | 'end' | 'displacedAt'>;

/** Somebody can come along while the video call is to come or goes on. */
export const mayInvite = (appointment: Stood, now: Temporal.Instant): boolean =>
  roomStands(appointment, now) !== 'over';

/**
 * How it stands for who comes along. `displaced`: its hour is being changed; `by_phone`, `at_site`: it is no video call any
 * more; the rest is as of its room.
 */
export function standsFor(
  appointment: Stood,
  now: Temporal.Instant,
): ReturnType<typeof roomStands> | 'displaced' | 'by_phone' | 'at_site' | 'cancelled' {
  const { channel, status } = appointment;
  if (status === 'cancelled') return 'cancelled';
  if (isDisplaced(appointment)) return 'displaced';
  const isAhead = status === 'booked' || status === 'arrived' || status === 'in_progress';
  if (!hasRoom(channel) && isAhead) return isAtSite(channel) ? 'at_site' : 'by_phone';
  return roomStands(appointment, now);
}
