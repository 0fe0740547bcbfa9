import type { Appointment } from '../appointments/types.ts';
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
  if (!role) mistakes.role = raw.role ? 'not_known' : 'missing';
  if (!role || mistakes.name) return { ok: false, mistakes };
  return { ok: true, invitation: { name, role: role satisfies CompanionRole } };
}

/** Somebody can come along while the video call is to come or goes on. */
export const mayInvite = ({ channel, status }: Pick<Appointment, 'channel' | 'status'>): boolean =>
  channel === 'video' && ['booked', 'arrived', 'in_progress'].includes(status);
