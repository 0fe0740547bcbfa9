import type { Translate } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { BackLink, Notice } from '../../ui/parts.tsx';
import type { AgainRefusal } from './types.ts';

/** `/demo/again`: asks once whether everything that was done goes away. */
export function AgainPage(props: {
  t: Translate;
  seconds: number;
  /** What keeps this page's form from being sent by another site. */
  token: string;
  refusal: AgainRefusal | null;
}) {
  const { t, seconds, token, refusal } = props;
  return (
    <>
      <BackLink href="/demo">{t('notices.demo.back')}</BackLink>
      <h1>{t('demo.again')}</h1>
      {refusal ? (
        <Notice kind="warn">{t(`demo.again.refused.${refusal}`)}</Notice>
      ) : (
        <>
          <p class="lead">{t('demo.again.sure')}</p>
          <p>{t('demo.again.takes', { seconds })}</p>
          <form action="/demo/again" method="post">
            <input type="hidden" name="token" value={token} />
            <Button kind="grave">{t('demo.again.yes')}</Button>
          </form>
        </>
      )}
    </>
  );
}
