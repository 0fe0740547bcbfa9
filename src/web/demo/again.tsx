import { Hono } from 'hono';
import { LANGUAGES, preferredLanguage } from '../../lib/i18n/languages.ts';
import { type Translate, translateTo } from '../../lib/i18n/translate.ts';
import { Button } from '../../ui/buttons.tsx';
import { Page } from '../../ui/page.tsx';
import { BackLink, Notice } from '../../ui/parts.tsx';
import type { Assets } from '../assets.ts';
import { sendDocument } from '../respond.tsx';
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

const LOOKS_AGAIN_SECONDS = 2;

/** Returns what answers while the demo begins again: a page that comes back by itself. `seconds`: how long it takes. */
export function beginningAgain(assets: Assets, seconds: () => number): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.text('alive\n'));
  app.get('/readyz', (c) => c.text('Not ready: the demo begins again\n', 503));
  app.use('/assets/*', assets.serve);
  app.all('*', (c) => {
    const t = translateTo(preferredLanguage(c.req.header('Accept-Language'), LANGUAGES));
    const title = t('demo.again.now');
    c.header('Retry-After', String(LOOKS_AGAIN_SECONDS));
    const isPage = c.req.method === 'GET' || c.req.method === 'HEAD';
    // A form that was sent has nobody to take it any more.
    c.header('Refresh', isPage ? String(LOOKS_AGAIN_SECONDS) : `${LOOKS_AGAIN_SECONDS}; url=/`);
    return sendDocument(
      c,
      <Page
        t={t}
        title={title}
        owner={{ name: 'Finestreta', title: 'Finestreta', href: '/' }}
        stylesheet={assets.citizenCss}
        languages={[]}
        footer={[]}
        isHidden
      >
        <h1>{title}</h1>
        <p class="lead" role="status">
          {t('demo.again.back', { seconds: seconds() })}
        </p>
      </Page>,
      { status: 503, isPersonal: true },
    );
  });
  return app;
}
