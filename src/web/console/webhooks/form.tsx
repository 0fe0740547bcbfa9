import type { WebhookDraft, WebhookMistakes } from '../../../features/booking/webhooks/service.ts';
import { WEBHOOK_KINDS } from '../../../features/booking/webhooks/types.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Checkboxes, Radios, TextInput } from '../../../ui/forms.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';

/** Returns the typed webhook. */
export function draftIn(form: Form): WebhookDraft {
  const chosen = form.all('kinds');
  return {
    url: form.text('url'),
    kinds: WEBHOOK_KINDS.filter((each) => chosen.includes(each)),
    personal: form.text('personal') === 'yes',
  };
}

/** Returns its mistakes, for the summary on top. */
export const problemsOf = (t: Translate, { url, kinds }: WebhookMistakes): ProblemLink[] => [
  ...(url ? [{ href: '#url', text: t(`webhooks.wrong.url.${url}`) }] : []),
  ...(kinds ? [{ href: '#kinds', text: t(`webhooks.wrong.kinds.${kinds}`) }] : []),
];

/** The address of a webhook, its events, and whether they include the person. */
export function WebhookFields(props: {
  t: Translate;
  draft: WebhookDraft;
  mistakes: WebhookMistakes;
}) {
  const { t, draft, mistakes } = props;
  return (
    <>
      <TextInput
        name="url"
        type="url"
        label={t('webhooks.add.url')}
        hint={t('webhooks.add.urlHint')}
        error={mistakes.url && t(`webhooks.wrong.url.${mistakes.url}`)}
        value={draft.url}
        autocomplete="off"
        spellcheck={false}
      />
      <Checkboxes
        name="kinds"
        label={t('webhooks.add.kinds')}
        error={mistakes.kinds && t('webhooks.wrong.kinds.missing')}
        values={draft.kinds}
        options={WEBHOOK_KINDS.map((value) => ({ value, label: t(`webhooks.kind.${value}`) }))}
      />
      <Radios
        name="personal"
        label={t('webhooks.add.personal')}
        value={draft.personal ? 'yes' : 'no'}
        options={[
          { value: 'no', label: t('webhooks.add.personal.no') },
          {
            value: 'yes',
            label: t('webhooks.add.personal.yes'),
            hint: t('webhooks.add.personal.yesHint'),
          },
        ]}
      />
    </>
  );
}
