import { formatCode } from '../../../features/service/identifying/rules.ts';
import type { CodeState, ShownCode } from '../../../features/service/identifying/types.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice } from '../../../ui/parts.tsx';
import { withoutScheme } from '../shared.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';
import { isHere } from './appointment.tsx';
import { askedFrom } from './enter-code.tsx';

/** How a code ended, or goes on elsewhere: each is a page with an address of its own, so that a page that waits is led there. */
type Further = Exclude<CodeState, 'open' | 'confirmed'>;

const furtherOf = (shown: ShownCode | null): Further | '' => {
  if (!shown || shown.state === 'open') return '';
  return shown.state === 'confirmed' ? 'taken' : shown.state;
};

/** `…/identify/code`: shows a code that the citizen types on the device where they can identify (docs/adr/0088). Opening the page makes none. */
export function askCodePage(deps: CitizenDeps) {
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, to, secret, appointment } = visit;
      if (!isHere(visit)) return visit.redirect(to.appointment(secret));
      const shown = await deps.identityCodes.shown(appointment, c.req.header('Cookie') ?? '');
      const further = furtherOf(shown);
      const here = to.appointment(secret, 'identify/code');
      if ((c.req.query('now') ?? '') !== further)
        return visit.redirect(further ? `${here}?now=${further}` : here);
      if (further) return showFurther(visit, further);
      return shown ? showCode(deps, visit, shown) : showStart(visit);
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const { c, to, secret, appointment } = visit;
      if (!isHere(visit)) return visit.redirect(to.appointment(secret));
      const from = askedFrom(deps, c);
      const cookie = c.req.header('Cookie') ?? '';
      const kept = await deps.identityCodes.make(appointment, cookie, from);
      c.header('Set-Cookie', kept, { append: true });
      return visit.redirect(to.appointment(secret, 'identify/code'));
    },
  };
}

const Back = ({ visit: { t, to, secret } }: { visit: AppointmentVisit }) => (
  <BackLink href={to.appointment(secret, 'identify')}>{t('citizen.back')}</BackLink>
);

/** The button that makes a code, or another one. */
function Make({ visit, isFirst }: { visit: AppointmentVisit; isFirst: boolean }) {
  const { t, to, secret } = visit;
  return (
    <form class="form" action={to.appointment(secret, 'identify/code')} method="post">
      <Button kind={isFirst ? 'main' : 'quiet'}>
        {t(isFirst ? 'anotherDevice.make' : 'anotherDevice.more')}
      </Button>
    </form>
  );
}

function showStart(visit: AppointmentVisit): Response {
  const { t } = visit;
  const title = t('anotherDevice.title');
  return visit.show(
    { title, isPersonal: true },
    <>
      <Back visit={visit} />
      <h1>{title}</h1>
      <p class="lead">{t('anotherDevice.why')}</p>
      <Make visit={visit} isFirst />
    </>,
  );
}

function showCode(
  { baseUrl }: Pick<CitizenDeps, 'baseUrl'>,
  visit: AppointmentVisit,
  { code, endsAt }: ShownCode,
): Response {
  const { t, to, secret, dates } = visit;
  const title = t('anotherDevice.title');
  return visit.show(
    { title, isPersonal: true, islands: ['line'] },
    <>
      <Back visit={visit} />
      <h1>{title}</h1>
      <ol class="stack">
        <li>
          {t('anotherDevice.open')}{' '}
          <b class="breaks">{withoutScheme(baseUrl) + to.identityCode()}</b>
        </li>
        <li>
          {t('anotherDevice.type')}
          <p class="typed-code">{formatCode(code)}</p>
        </li>
        <li>{t('anotherDevice.check')}</li>
      </ol>
      <p>{t('anotherDevice.until', { time: dates.time(endsAt) })}</p>
      <Notice kind="warn">
        <p>{t('anotherDevice.yours')}</p>
      </Notice>
      <div id="line" role="status">
        <p>
          <strong>{t('anotherDevice.waiting')}</strong>
        </p>
      </div>
      <p>
        <a href={to.appointment(secret, 'identify/code')}>{t('anotherDevice.look')}</a>
      </p>
      <Make visit={visit} isFirst={false} />
    </>,
  );
}

/** Says what became of a code. While it goes on elsewhere, the page looks again by itself. */
function showFurther(visit: AppointmentVisit, further: Further): Response {
  const { t, to, secret, appointment } = visit;
  const title = t(`anotherDevice.${further}.title`);
  const isCalling = appointment.status === 'in_progress';
  return visit.show(
    { title, isPersonal: true, ...(further === 'taken' && { islands: ['line'] }) },
    <>
      <Back visit={visit} />
      <h1>{title}</h1>
      <p class="lead">{t(`anotherDevice.${further}.text`)}</p>
      {further === 'done' ? (
        <>
          {isCalling ? <p>{t('identifying.done.call')}</p> : null}
          <p>
            <ButtonLink kind={isCalling ? 'quiet' : 'main'} href={to.appointment(secret)}>
              {t('identifying.done.back')}
            </ButtonLink>
          </p>
        </>
      ) : null}
      {further === 'taken' ? (
        <>
          <div id="line" role="status">
            <p>
              <strong>{t('anotherDevice.taken.waiting')}</strong>
            </p>
          </div>
          <p>
            <a href={to.appointment(secret, 'identify/code')}>{t('anotherDevice.look')}</a>
          </p>
          <p>{t('anotherDevice.taken.other')}</p>
        </>
      ) : null}
      {further === 'done' ? null : <Make visit={visit} isFirst={false} />}
    </>,
  );
}
