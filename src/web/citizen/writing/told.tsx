import type { NoticeWay } from '../../../domain/address.ts';
import type { Citizen } from '../../../domain/person.ts';
import { addressOf } from '../../../features/foundation/notices/rules.ts';
import { formatNumber } from '../appointment/called.ts';
import type { CitizenDeps, OfficeVisit } from '../visit.tsx';

interface ToldProps {
  visit: Pick<OfficeVisit, 't' | 'office'>;
  citizen: Citizen;
  /** The way that they chose. */
  by: NoticeWay | null | undefined;
  /** Whether SMS go to a number. */
  isReached: CitizenDeps['linkRecovery']['isReached'];
  /** The page where the citizen can add an e-mail address. */
  mend: string;
  /** Before or after the booking is confirmed. */
  when: 'before' | 'after';
}

/** Says where the citizen is written to: by e-mail, by SMS to a mobile, or nowhere, with a way to add an address. */
export function Told({ visit, citizen, by, isReached, mend, when }: ToldProps) {
  const { t, office } = visit;
  const address = addressOf(citizen, by);
  if (address?.channel === 'email')
    return <p>{t(`manage.told.${when}.email`, { email: address.recipient })}</p>;
  if (address && isReached(address.recipient))
    return (
      <p>{t(`manage.told.${when}.sms`, { phone: formatNumber(address.recipient, office) })}</p>
    );
  const phone = citizen.phone ? formatNumber(citizen.phone, office) : '';
  return (
    <p>
      {t('manage.told.nowhere', { phone })}{' '}
      <a class="no-print" href={mend}>
        {t('manage.told.add')}
      </a>
    </p>
  );
}
