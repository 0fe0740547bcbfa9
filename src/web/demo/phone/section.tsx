import type { Translate } from '../../../lib/i18n/translate.ts';
import { Notice } from '../../../ui/parts.tsx';
import { QrCode } from '../../../ui/qr.tsx';
import type { PhoneWay } from '../types.ts';

/** How one's own telephone comes in as the citizen: the code, the address, and what the telephone says about the certificate. */
export function PhoneSection({ t, phone }: { t: Translate; phone: PhoneWay }) {
  return (
    <section class="stack" aria-labelledby="phone">
      <h2 id="phone">{t('demo.phone')}</h2>
      {phone.isThere() ? null : <Notice kind="warn">{t('demo.phone.gone')}</Notice>}
      <p>{t('demo.phone.text')}</p>
      <div class="phone-way">
        <QrCode text={phone.link} label={t('demo.phone.qr')} />
        <div class="stack">
          <p>{t('demo.phone.address')}</p>
          <p class="csv">{phone.link}</p>
          <p>{t('demo.phone.why')}</p>
          <ul>
            <li>{t('demo.phone.android')}</li>
            <li>{t('demo.phone.ios')}</li>
          </ul>
          <details>
            <summary>{t('demo.phone.fingerprint')}</summary>
            <p class="csv">{phone.fingerprint}</p>
          </details>
        </div>
      </div>
      <p>{t('demo.phone.limits')}</p>
    </section>
  );
}
