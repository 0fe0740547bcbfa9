import { programPageOf, returnUrlOf } from '../../../features/service/signatures/rules.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import type { Language } from '../../../lib/i18n/languages.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, ButtonLink, LinkButton } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { sendBytes } from '../../files/served.ts';
import type { CitizenDeps, Visit } from '../visit.tsx';
import { StandIn } from './demo.tsx';

/** Seconds after which the page that waits looks again, and how many times it does so by itself (WCAG 2.2.1). */
const LOOK_AGAIN = 10;
const MOST_LOOKS = 18;

/** The page of the Spanish administration from which the program is installed, in the languages that it has. */
const installPage = (language: Language): string =>
  `https://firmaelectronica.gob.es/${language === 'es' ? '' : `${language}/`}ciudadanos/descargas`;

const askedBy = ({ c }: Visit): { url: URL; cookie: string; browser: string } => ({
  url: new URL(c.req.url),
  cookie: c.req.header('Cookie') ?? '',
  browser: c.req.header('User-Agent') ?? '',
});

/**
 * `/{language}/signature/program`: what is signed, and the link that opens AutoFirma. The program answers us, not the browser: the page looks whether it
 * has, by itself once somebody said that they have signed.
 */
export function programPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t, town } = visit;
    const { url, cookie, browser } = askedBy(visit);
    const state = url.searchParams.get('state') ?? '';
    const at = await deps.signatures.atProgram(url, cookie, browser);
    if (!at || at.isAnswered)
      return visit.redirect(`${returnUrlOf('')}?${new URLSearchParams({ state })}`);
    const waits = Number(url.searchParams.get('waits')) || 0;
    const looks = waits > 0 && waits <= MOST_LOOKS;
    if (looks) {
      const next = programPageOf('', { language: visit.language, state, waits: waits + 1 });
      c.header('Refresh', `${LOOK_AGAIN}; url=${next}`);
    }
    const title = t('signature.program.title');
    const opens = at.isDemo ? `program/demo?${new URLSearchParams({ state })}` : at.opens;
    const until = datesIn(visit.language, town.timeZone).time(at.until);
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        {at.isDemo ? <p class="note">{t('signature.demo.program.here')}</p> : null}
        {waits > 0 ? (
          <Notice>
            <p>
              {looks
                ? t('signature.program.waits', { seconds: LOOK_AGAIN })
                : t('signature.program.waited')}
            </p>
          </Notice>
        ) : null}
        {at.isFetched ? (
          <p>{t('signature.program.fetched')}</p>
        ) : (
          <Opening t={t} opens={opens} state={state} until={until} />
        )}
        <form class="form" action={returnUrlOf('')} method="get">
          <input type="hidden" name="state" value={state} />
          <div class="row">
            <Button name="answer" value="look">
              {t('signature.program.signed')}
            </Button>
            <LinkButton name="answer" value="cancel">
              {t('signature.program.cancel')}
            </LinkButton>
          </div>
        </form>
        <Help t={t} />
      </>,
    );
  };
}

function Opening({
  t,
  opens,
  state,
  until,
}: {
  t: Translate;
  opens: string;
  state: string;
  until: string;
}) {
  const document = `program/document?${new URLSearchParams({ state })}`;
  return (
    <>
      <p class="lead">{t('signature.program.lead', { time: until })}</p>
      <ol class="stack">
        <li>
          <a href={document}>{t('signature.program.document')}</a>
        </li>
        <li class="stack">
          <p>{t('signature.program.open.text')}</p>
          <ButtonLink href={opens}>{t('signature.program.open')}</ButtonLink>
        </li>
        <li>{t('signature.program.back')}</li>
      </ol>
    </>
  );
}

/** What the program is, and what to do without it. */
function Help({ t }: { t: Translate }) {
  return (
    <section class="stack" aria-labelledby="program-help">
      <h2 id="program-help">{t('signature.program.help.title')}</h2>
      <p>{t('signature.program.help.what')}</p>
      <p>
        <a href={installPage(t.language)} rel="noreferrer">
          {t('signature.program.help.install')}
        </a>
      </p>
      <p>{t('signature.program.help.other')}</p>
    </section>
  );
}

/** `/{language}/signature/program/demo`: what stands for AutoFirma in a demonstration. It is there only where the stand-in is used. */
export function programDemoPage(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { c, t } = visit;
    const { url, cookie, browser } = askedBy(visit);
    const at = await deps.signatures.atProgram(url, cookie, browser);
    if (!at?.isDemo) return c.notFound();
    const title = t('signature.demo.title');
    return visit.show(
      { title, isPersonal: true },
      <>
        <h1>{title}</h1>
        <p class="note">{t('signature.demo.program')}</p>
        <StandIn t={t} state={url.searchParams.get('state') ?? ''} />
      </>,
    );
  };
}

/** `/{language}/signature/program/document`: the PDF that is signed. */
export function programDocument(deps: CitizenDeps) {
  return async (visit: Visit): Promise<Response> => {
    const { url, cookie } = askedBy(visit);
    const file = await deps.signatures.toSign(url, cookie);
    if (!file) return visit.c.notFound();
    return sendBytes(visit.c, file);
  };
}
