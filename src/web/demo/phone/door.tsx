import type { Context, MiddlewareHandler } from 'hono';
import type { Clock } from '../../../lib/clock.ts';
import { isPrivatePeer } from '../../../lib/http/lan.ts';
import { giveSecret, secretIn } from '../../../lib/http/secret-cookie.ts';
import { LANGUAGES, preferredLanguage } from '../../../lib/i18n/languages.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import { hashSecret, sameHash } from '../../../lib/secrets.ts';
import { Page } from '../../../ui/page.tsx';
import { clientAddress, exactAddress } from '../../address.ts';
import type { Assets } from '../../assets.ts';
import { sendDocument } from '../../respond.tsx';

export interface DoorOptions {
  /** The address under which the own network sees the demo. */
  baseUrl: string;
  /** What the code on the demo's page holds. */
  secret: string;
  assets: Assets;
  clock: Clock;
  /** More cookies for a browser that came in. */
  cookies(): readonly string[];
  onRefused(c: Context): void;
}

/** The cookie of a telephone that came in by the code. */
const PHONE = 'demo-phone';
const DAY_SECONDS = 86_400;

/** What browsers fetch without cookies: the page that they keep for when there is no connection, which is the same for everybody. */
const WITHOUT_COOKIES = /^\/(sw\.js|icon\.svg|[a-z]{2}\/offline)$/;

/** Pages that one address of the network gets without the code. */
const REFUSALS = { burst: 30, perMinute: 20 };

/** The path to which the code on the demo's page leads. */
export const phonePath = (secret: string): string => `/phone/${secret}`;

/**
 * Lets in browsers that came by the code, from the own network only: everybody in a café's Wi-Fi can reach the address, and nobody
 * else has the code. Who comes too often without it gets no page.
 */
export function phoneDoor(options: DoorOptions): MiddlewareHandler {
  const { baseUrl, secret, clock, cookies } = options;
  const refusals = createLimiter(clock, REFUSALS);
  const refuse = (c: Context): Response => {
    const wait = refusals.take(clientAddress(c, 0));
    return wait > 0 ? tooMany(c, wait) : refused(c, options);
  };
  const right = hashSecret(secret);
  const isRight = (given: string) => sameHash(hashSecret(given), right);
  return async (c, next) => {
    if (!isPrivatePeer(exactAddress(c, 0))) return refuse(c);
    if (WITHOUT_COOKIES.test(c.req.path)) return next();
    const given = /^\/phone\/([\w-]{32})$/.exec(c.req.path)?.[1];
    if (given !== undefined && isRight(given)) {
      const held = giveSecret(baseUrl, { name: PHONE, secret, seconds: DAY_SECONDS });
      for (const each of [held, ...cookies()]) c.header('Set-Cookie', each, { append: true });
      c.header('Cache-Control', 'no-store');
      return c.redirect('/', 303);
    }
    if (isRight(secretIn(c.req.header('Cookie') ?? '', PHONE, baseUrl))) return next();
    return refuse(c);
  };
}

function tooMany(c: Context, seconds: number): Response {
  c.header('Retry-After', String(seconds));
  c.header('Cache-Control', 'no-store');
  return c.text('Too many requests without the code\n', 429);
}

function refused(
  c: Context,
  { assets, onRefused }: Pick<DoorOptions, 'assets' | 'onRefused'>,
): Response {
  onRefused(c);
  const t = translateTo(preferredLanguage(c.req.header('Accept-Language'), LANGUAGES));
  const title = t('demo.phone.refused');
  return sendDocument(
    c,
    <Page
      t={t}
      title={title}
      owner={{ name: 'Finestreta', title: 'Finestreta', href: '/' }}
      stylesheets={[assets.citizenCss]}
      languages={[]}
      footer={[]}
      isHidden
    >
      <h1>{title}</h1>
      <p class="lead">{t('demo.phone.refused.text')}</p>
    </Page>,
    { status: 403, isPersonal: true },
  );
}
