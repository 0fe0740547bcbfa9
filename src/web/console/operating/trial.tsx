import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { Button } from '../../../ui/buttons.tsx';
import { TextInput } from '../../../ui/forms.tsx';
import { Notice } from '../../../ui/parts.tsx';
import type { SignedInVisit } from '../visit.tsx';
import type { Tried } from './page.tsx';

interface Props {
  visit: SignedInVisit;
  tried: Tried | null;
  wrong: MessageKey | null;
}

/** The forms that send a test message, with what the server answered to the last one. */
export function TrialForms({ visit, tried, wrong }: Props) {
  const { t, session } = visit;
  const typed = (channel: Tried['channel']) => (tried?.channel === channel ? tried : null);
  const errorAt = (channel: Tried['channel']) => (wrong && typed(channel) ? t(wrong) : undefined);
  return (
    <section>
      <h2 id="trial">{t('operating.trial')}</h2>
      <p>{t('operating.trial.text')}</p>
      <Answer visit={visit} tried={tried} />
      <form method="post" action="/staff/operation#trial" class="form">
        <input type="hidden" name="channel" value="email" />
        <TextInput
          name="email"
          type="email"
          label={t('operating.trial.mail')}
          value={typed('email')?.to ?? session.email}
          error={errorAt('email')}
          autocomplete="off"
          spellcheck={false}
        />
        <Button kind="quiet">{t('operating.trial.mail.submit')}</Button>
      </form>
      <form method="post" action="/staff/operation#trial" class="form">
        <input type="hidden" name="channel" value="sms" />
        <TextInput
          name="sms"
          type="tel"
          label={t('operating.trial.sms')}
          hint={t('operating.trial.sms.hint')}
          value={typed('sms')?.to ?? ''}
          error={errorAt('sms')}
          autocomplete="off"
        />
        <Button kind="quiet">{t('operating.trial.sms.submit')}</Button>
      </form>
    </section>
  );
}

function Answer({ visit, tried }: Pick<Props, 'visit' | 'tried'>) {
  const { t } = visit;
  const result = tried?.result;
  if (!result) return null;
  if (result.ok)
    return (
      <Notice kind="good">
        <p>{t('operating.trial.taken')}</p>
        {result.answer ? <code>{result.answer}</code> : t('operating.trial.taken.nothing')}
      </Notice>
    );
  if (result.reason !== 'refused' && result.reason !== 'away') return null;
  return (
    <Notice kind="warn">
      <p>{t(`operating.trial.${result.reason}`, { code: result.code })}</p>
      <code>{result.answer}</code>
    </Notice>
  );
}
