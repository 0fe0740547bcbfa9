import type { MiddlewareHandler } from 'hono';
import { cookieIn, giveCookie } from '../../lib/http/secret-cookie.ts';
import type { Language } from '../../lib/i18n/languages.ts';
import { translateTo } from '../../lib/i18n/translate.ts';
import { markAsDemo } from '../respond.tsx';
import type { BeginAgain } from './types.ts';

/** The cookie that names the life of the demo in which a browser came in. */
const LIFE = 'demo-life';
const DAY_SECONDS = 86_400;

type Lives = Pick<BeginAgain, 'life' | 'endOf'>;

export interface BarOptions {
  baseUrl: string;
  again: Lives | null;
  /** Whether the page of the demo can be reached from here. */
  hasLink: boolean;
}

/** Has every page say that it is of a demo, and that the demo has begun again since the browser came in. */
export function demoBar({ baseUrl, again, hasLink }: BarOptions): MiddlewareHandler {
  return async (c, next) => {
    const life = cookieIn(c.req.header('Cookie') ?? '', LIFE, baseUrl);
    const isOver = life !== '' && again?.endOf(life) != null;
    markAsDemo(c, {
      key: `${hasLink} ${isOver}`,
      draw: (language) => <DemoBar language={language} hasLink={hasLink} isOver={isOver} />,
    });
    await next();
    // A telephone stays in, so it is told once.
    if (isOver && !hasLink && c.req.header('Sec-Fetch-Dest') === 'document')
      for (const each of lifeCookies(again, baseUrl))
        c.header('Set-Cookie', each, { append: true });
  };
}

/** Returns the cookie by which a browser knows later that the demo has begun again; none where it can't. */
export const lifeCookies = (again: Lives | null, baseUrl: string): string[] =>
  again ? [giveCookie(baseUrl, { name: LIFE, value: again.life(), seconds: DAY_SECONDS })] : [];

function DemoBar(props: { language: Language; hasLink: boolean; isOver: boolean }) {
  const t = translateTo(props.language);
  return (
    <aside class="demo-bar" aria-label={t('demo.bar')}>
      <strong>{t('demo.bar')}</strong> {props.isOver ? <span>{t('demo.bar.over')}</span> : null}{' '}
      {props.hasLink ? (
        <a href="/demo">{t('demo.bar.link')}</a>
      ) : (
        <span>{t('demo.bar.phone')}</span>
      )}
    </aside>
  );
}
