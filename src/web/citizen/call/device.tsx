import { canTelephone } from '../../../domain/needs.ts';
import { ADVICE, mayTest } from '../../../features/service/device/rules.ts';
import { DEVICE_PARTS, type DevicePart, FOUND } from '../../../features/service/device/types.ts';
import { isSigned } from '../../../lib/i18n/languages.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Tag } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatBrowser, TestFindings } from '../../words/devices.tsx';
import { standing } from '../appointment/card.tsx';
import { GuideLink } from '../guide.tsx';
import { Reach } from '../reaching.tsx';
import type { AppointmentVisit, CitizenDeps } from '../visit.tsx';

/** `…/device`: tests camera, microphone, sound and network, on any day before a video call. */
export function devicePage(deps: CitizenDeps) {
  return {
    get: async (visit: AppointmentVisit): Promise<Response> => {
      const { t, to, secret, appointment } = visit;
      if (!mayTest(appointment)) return visit.redirect(to.appointment(secret));
      return visit.show(
        {
          title: t('device.title'),
          isPersonal: true,
          islands: ['device'],
          devices: ['camera', 'microphone'],
        },
        <>
          <BackLink href={to.appointment(secret)}>{t('citizen.backToAppointment')}</BackLink>
          <h1>{t('device.title')}</h1>
          <p class="lead">{t('device.lead')}</p>
          <Plain visit={visit} />
          <Test visit={visit} />
          <Last visit={visit} test={await deps.device.find(appointment)} />
          <ByPhone visit={visit} />
          <GuideLink visit={visit} assets={deps.assets} page="room" />
          <p class="soft small">{t('device.privacy')}</p>
        </>,
      );
    },

    post: async (visit: AppointmentVisit): Promise<Response> => {
      const form = await readForm(visit.c);
      const camera = form.text('camera');
      const microphone = form.text('microphone');
      const speaker = form.text('speaker');
      const network = form.text('network');
      const family = form.text('family');
      const system = form.text('system');
      const raw = { camera, microphone, speaker, network, family, system };
      const kept = await deps.device.keep(visit.appointment, raw);
      if (kept.ok) return visit.c.body(null, 204);
      return visit.c.body(null, kept.reason === 'invalid' ? 422 : 409);
    },
  };
}

/** `…/device/servers`: the TURN servers for the test, with user names that expire in an hour. */
export function deviceServers(deps: CitizenDeps) {
  return ({ c, office, appointment }: AppointmentVisit): Response => {
    c.header('Cache-Control', 'no-store');
    return mayTest(appointment)
      ? c.json(deps.relay.ways(office, appointment.id))
      : c.body(null, 409);
  };
}

/** The content without scripts; the island replaces it by the test. */
function Plain({ visit: { t } }: { visit: AppointmentVisit }) {
  return (
    <div class="stack" id="by-hand">
      <p>{t('device.plain.text')}</p>
      <ol>
        <li>{t('device.plain.camera')}</li>
        <li>{t('device.plain.sound')}</li>
        <li>{t('device.plain.browser')}</li>
      </ol>
    </div>
  );
}

function Test({ visit: { t, to, secret, appointment } }: { visit: AppointmentVisit }) {
  const signs = isSigned(appointment.language);
  return (
    <div
      class="stack"
      id="test"
      data-url={to.appointment(secret, 'device')}
      data-signed={signs ? '' : undefined}
      hidden
    >
      <p>{t('device.where')}</p>
      {signs ? <p>{t('device.signed.enough')}</p> : null}
      <p>{t('device.question')}</p>
      <p class="row">
        <button type="button" class="button wide-s" data-do="start">
          {t('device.start')}
        </button>
        <button type="button" class="button wide-s quiet" data-do="stop" hidden>
          {t('device.stop')}
        </button>
      </p>
      <p role="status" id="outcome" />
      <ul class="trials">
        {DEVICE_PARTS.map((part) => (
          <Trial key={part} t={t} part={part} />
        ))}
      </ul>
      <template id="words">
        {WORDS.map((word) => (
          <p key={word} data-word={word}>
            {t(`device.${word}`)}
          </p>
        ))}
      </template>
    </div>
  );
}

type T = AppointmentVisit['t'];

function Trial({ t, part }: { t: T; part: DevicePart }) {
  return (
    <li class="trial stack" data-part={part}>
      <div class="row">
        <h2>{t(`device.${part}`)}</h2>
        <span data-found>
          <Tag kind="plain">{t('device.state.waiting')}</Tag>
        </span>
      </div>
      {TRIED[part](t)}
      <ul data-advice hidden />
    </li>
  );
}

const action = (name: string, text: string) => (
  <button type="button" class="button quiet" data-do={name} hidden>
    {text}
  </button>
);

/** The citizen's view and task during each test. */
const TRIED: Record<DevicePart, (t: T) => preact.ComponentChildren> = {
  camera: (t) => (
    <>
      <figure hidden data-while>
        <video playsinline muted />
        <figcaption class="soft">{t('device.camera.hint')}</figcaption>
      </figure>
      {action('camera', t('device.camera.other'))}
    </>
  ),
  microphone: (t) => (
    <>
      <div hidden data-while>
        <p class="soft">{t('device.microphone.hint')}</p>
        <meter min="0" max="1" value="0" aria-label={t('device.microphone.level')} />
      </div>
      {action('microphone', t('device.microphone.other'))}
    </>
  ),
  speaker: (t) => (
    <>
      {action('play', t('device.speaker.play'))}
      <fieldset hidden data-heard>
        <legend>{t('device.speaker.ask')}</legend>
        <p class="row">
          {action('heard', t('device.speaker.yes'))}
          {action('unheard', t('device.speaker.no'))}
        </p>
      </fieldset>
    </>
  ),
  network: () => null,
};

/** The island's texts, by their keys after `device.` */
const WORDS = [
  'again',
  'stopped',
  'saved',
  'unsaved',
  'result.good',
  'result.untried',
  'result.almost',
  'result.bad',
  'state.waiting',
  'state.trying',
  ...new Set(DEVICE_PARTS.flatMap((part) => FOUND[part].map((each) => `found.${each}` as const))),
  ...ADVICE.map((each) => `advice.${each}` as const),
] as const;

/** The result of the last test, which the agent sees too. */
function Last(props: {
  visit: AppointmentVisit;
  test: Awaited<ReturnType<CitizenDeps['device']['find']>>;
}) {
  const { visit, test } = props;
  const { t, dates } = visit;
  if (!test) return null;
  const when = {
    day: dates.day(test.at),
    time: dates.time(test.at),
    browser: formatBrowser(t, test),
  };
  return (
    <section class="stack" id="last" aria-labelledby="last-title">
      <h2 id="last-title">{t('device.last.title')}</h2>
      <p>{t('device.last.when', when)}</p>
      <TestFindings t={t} test={test} />
    </section>
  );
}

/** The alternative after a failed test: by phone, or, for users of sign language, an agreement by mail. */
function ByPhone({ visit }: { visit: AppointmentVisit }) {
  const { t, to, secret, appointment } = visit;
  if (!canTelephone(appointment))
    return (
      <section class="stack" aria-labelledby="by-phone">
        <h2 id="by-phone">{t('device.phone.title')}</h2>
        <p>{t('device.signed.text')}</p>
        <Reach visit={visit} lead={t('manage.trouble')} />
      </section>
    );
  const change = to.appointment(secret, 'change');
  return (
    <section class="stack" aria-labelledby="by-phone">
      <h2 id="by-phone">{t('device.phone.title')}</h2>
      <p>{t('device.phone.text')}</p>
      {standing(visit) === 'coming' ? (
        <p>
          <ButtonLink kind="quiet" href={`${change}?channel=phone`}>
            {t('citizen.changeTime.rather.phone')}
          </ButtonLink>
        </p>
      ) : null}
      <Reach visit={visit} lead={t('manage.trouble')} />
    </section>
  );
}
