import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import { grouped } from '../../../features/service/verification/rules.ts';
import { exportsEni } from '../../../features/service/verification/service.ts';
import { QrCode } from '../../../ui/qr.tsx';
import type { AppointmentVisit } from '../visit.tsx';

/**
 * A result's verification code, to be kept, shown and printed, and the address of the verification;
 * nothing without a code.
 */
export function Verification(props: {
  visit: AppointmentVisit;
  entry: DocumentEntry;
  address: string;
}) {
  const { visit, entry, address } = props;
  const { t, to, office, dates, secret } = visit;
  const { id, code, until } = entry;
  if (!code) return null;
  const withCode = `?code=${code}`;
  return (
    <div class="verification">
      <dl>
        <dt>{t('verification.label')}</dt>
        <dd>
          <code class="csv">{grouped(code)}</code>
        </dd>
        <dt>{t('verification.yours.where')}</dt>
        <dd>
          <a href={to.verify() + withCode}>{address}</a>
        </dd>
      </dl>
      <QrCode text={address + withCode} label={t('verification.yours.qr')} />
      <p class="soft">{t('verification.yours.text', { day: dates.longDay(until) })}</p>
      {exportsEni(office) ? (
        <p class="no-print">
          <a href={to.document(secret, id, 'eni')}>{t('verification.eni')}</a>
        </p>
      ) : null}
    </div>
  );
}
