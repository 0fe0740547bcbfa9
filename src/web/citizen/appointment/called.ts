import { type Channel, hasRoom, isCalled } from '../../../domain/channel.ts';
import { canTelephone } from '../../../domain/needs.ts';
import type { Office } from '../../../domain/office/types.ts';
import type { Citizen, Need } from '../../../domain/person.ts';
import { formatPhone } from '../../../features/booking/appointments/rules.ts';
import type { EncounterLanguage } from '../../../lib/i18n/languages.ts';
import type { OfficeVisit } from '../visit.tsx';

/** Returns a telephone number as the town's people read it, without line breaks. */
export const formatNumber = (number: string, office: Office): string =>
  formatPhone(number, office.settings.country).replaceAll(' ', '\u00a0');

export interface Called {
  channel: Channel;
  citizen: Citizen;
  onBehalfOf: string | null;
  /** Somebody who can't talk by telephone isn't promised a voice call. */
  language: EncounterLanguage;
  needs: readonly Need[];
}

/** Returns one to three sentences: who is called at which number, and for whom. */
export function formatCalled(
  { t, office }: Pick<OfficeVisit, 't' | 'office'>,
  called: Called,
): string {
  const { channel, citizen, onBehalfOf } = called;
  const { name } = citizen;
  const phone = citizen.phone && formatNumber(citizen.phone, office);
  return [
    isCalled(channel) && !phone
      ? null
      : t(`details.called.${channel}`, { name, phone: phone ?? '' }),
    hasRoom(channel) && phone && canTelephone(called)
      ? t('details.called.fallBack', { phone })
      : null,
    onBehalfOf ? t('details.called.for', { other: onBehalfOf }) : null,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}
