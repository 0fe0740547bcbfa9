import { callingCode } from '../../features/booking/appointments/rules.ts';
import type { ActionName } from '../../features/foundation/preferences/rules.ts';
import { mayAssist } from '../../features/service/encounter/rules.ts';
import { CODECS } from '../../features/service/softphone/rules.ts';
import type { CallReport, DeskPhone } from '../../features/service/softphone/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { type Form, readForm } from '../form.ts';
import { Key } from './key.tsx';
import type { DeskVisit, StaffDeps } from './visit.tsx';
import { procedureName } from './words.ts';

/** Whoever attends here has no telephone of the exchange: the office has none, or their desk. */
const NO_PHONE = { reason: 'no_phone' };

/** `POST /console/{office}/phone/credentials`: what this desk's browser signs in to the exchange with. */
export function phoneCredentials({ softphone }: StaffDeps) {
  return ({ c, viewer, office }: DeskVisit): Response | Promise<Response> => {
    c.header('Cache-Control', 'no-store');
    if (!mayAssist(viewer)) return c.notFound();
    if (!softphone.phoneOf(viewer, office)) return c.json(NO_PHONE, 409);
    const credentials = softphone.credentials(viewer, office);
    return credentials ? c.json(credentials) : c.json({ reason: 'no_secret' }, 503);
  };
}

/** `POST …/phone/caller`: whose number it is that rings. */
export function phoneCaller({ softphone }: StaffDeps) {
  return async (visit: DeskVisit): Promise<Response> => {
    const { c, t, dates, viewer, office, base } = visit;
    c.header('Cache-Control', 'no-store');
    const found = await softphone.whoCalls(viewer, office, (await readForm(c)).text('number'));
    if (!found) return mayAssist(viewer) ? c.json(NO_PHONE, 409) : c.notFound();
    return c.json(
      found.map((each) => ({
        name: each.name,
        href: `${base}/appointment/${each.appointment}`,
        isOpen: each.isOpen,
        text: `${dates.shortDay(each.start)} ${dates.time(each.start)}, ${procedureName(t, office, each.procedure)}`,
      })),
    );
  };
}

/** `POST …/phone/call`: how a call went. */
export function phoneCall({ softphone }: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const result = await softphone.report(viewer, office, readReport(await readForm(c)));
    if (result.ok) return c.body(null, 204);
    if (result.reason === 'invalid') return c.json({ reason: 'invalid' }, 422);
    return mayAssist(viewer) ? c.json(NO_PHONE, 409) : c.notFound();
  };
}

/** `POST …/appointment/{id}/voicemail`: the answer that was logged by itself was a machine's. */
export function phoneVoicemail({ encounter }: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const number = Number((await readForm(c)).text('number'));
    const result = await encounter.wasVoicemail(viewer, office, c.req.param('id') ?? '', number);
    if (result.ok) return c.body(null, 204);
    return result.reason === 'not_found' ? c.notFound() : c.json({ reason: result.reason }, 409);
  };
}

function readReport(form: Form): CallReport {
  const number = (name: string) => (form.text(name) === '' ? null : Number(form.text(name)));
  const [loss, jitter] = [number('loss'), number('jitter')];
  const measured = loss !== null && jitter !== null;
  return {
    id: form.text('id'),
    direction: form.text('direction') === 'in' ? 'in' : 'out',
    appointment: form.text('appointment') || null,
    attempt: number('attempt'),
    rangSeconds: number('rang') ?? 0,
    talkedSeconds: number('talked'),
    status: number('status'),
    endedBy: (['desk', 'other'] as const).find((each) => each === form.text('endedBy')) ?? 'lost',
    codec: CODECS.find((each) => each.toLowerCase() === form.text('codec').toLowerCase()) ?? null,
    quality: measured ? { loss, jitter, rtt: number('rtt') } : null,
  };
}

/** What the `softphone` island says and the server can't know beforehand. `#` stands for whom, or what, it is about. */
const WORDS = [
  'ready',
  'extension',
  'connecting',
  'lost',
  'refused',
  'noSecret',
  'signedOut',
  'insecure',
  'elsewhere',
  'elsewhereBusy',
  'microphone',
  'calling',
  'rings',
  'talking',
  'held',
  'muted',
  'incoming',
  'second',
  'hidden',
  'mute',
  'unmute',
  'hold',
  'resume',
  'wrong',
  'blocked',
  'system',
  'reconnecting',
  'ended',
  'exchange',
  'interrupted',
  'propose',
  'log',
  'logged',
  'notLogged',
] as const;

const OUTCOMES = ['no_answer', 'busy', 'wrong_number', 'rejected', 'voicemail'] as const;
const TONES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

interface PhoneProps {
  t: Translate;
  base: string;
  phone: DeskPhone;
  /** Who shares the telephone's state: this person's tabs in this office. */
  share: string;
  country: DeskVisit['office']['settings']['country'];
  prefix: string;
}

/** The desk's telephone, in one place on every page. Without the island it isn't there: numbers are links. */
export function Phone({ t, base, phone, share, country, prefix }: PhoneProps) {
  const words = Object.fromEntries([
    ...WORDS.map((each) => [each, t(`softphone.${each}`, { who: '#' })]),
    ...OUTCOMES.map((each) => [each, t(`staff.outcome.${each}`)]),
    ...(['good', 'fair', 'poor'] as const).map((each) => [each, t(`softphone.quality.${each}`)]),
  ]);
  const button = (
    name: string,
    words: string,
    more: { kind?: string; action?: ActionName } = {},
  ) => (
    <button
      type="button"
      class={more.kind === 'link' ? 'link' : `button ${more.kind ?? 'quiet'}`.trim()}
      data-part={name}
      data-action={more.action}
    >
      <span data-part={more.action && `${name}Words`}>{words}</span>
      {more.action ? <Key action={more.action} /> : null}
    </button>
  );
  return (
    <section
      id="phone"
      class="phone"
      aria-label={t('softphone.title')}
      hidden
      data-base={base}
      data-share={share}
      data-extension={phone.extension}
      data-prefix={prefix}
      data-country={callingCode(country)}
      data-words={JSON.stringify(words)}
    >
      <p class="hide" role="status" data-part="said" />
      <div class="phone-line">
        <p class="phone-state">
          <span class="tag plain" data-part="tag" /> <span data-part="about" />{' '}
          <span class="figures" data-part="clock" /> <span class="soft small" data-part="quality" />
        </p>
        <div class="phone-keys" data-part="live" hidden>
          {button('hangUp', t('softphone.hangUp'), { kind: 'grave', action: 'hangUp' })}
          {button('mute', t('softphone.mute'), { action: 'mute' })}
          {button('hold', t('softphone.hold'), { action: 'hold' })}
          {button('keypad', t('softphone.keypad'), { action: 'keypad' })}
          {button('voicemail', t('softphone.voicemail'))}
        </div>
        <div class="phone-keys" data-part="idle" hidden>
          {button('here', t('softphone.here'))}
          {button('dialOpen', t('softphone.dial.title'), { action: 'dial' })}
          {button('soundOpen', t('softphone.sound.title'))}
        </div>
      </div>
      <div class="phone-ring" data-part="incoming" hidden>
        <p>
          <b data-part="caller" />
        </p>
        <ul class="unmarked" data-part="found" />
        <div class="phone-keys">
          {button('answer', t('softphone.answer'), { kind: '', action: 'answer' })}
          {button('busy', t('softphone.busy'))}
          {button('decline', t('softphone.decline'), { kind: 'grave', action: 'decline' })}
        </div>
      </div>
      <div class="phone-line" data-part="proposal" hidden>
        <p data-part="proposed" />
        <div class="phone-keys">
          {button('log', '', { kind: '' })}
          <a class="button quiet" data-part="other" href={base}>
            {t('softphone.other')}
          </a>
          {button('dismiss', t('softphone.dismiss'), { kind: 'link' })}
        </div>
      </div>
      <fieldset class="phone-more phone-pad" data-part="pad" hidden>
        <legend>{t('softphone.keypad')}</legend>
        {TONES.map((each) => (
          <button key={each} type="button" class="button quiet" data-tone={each}>
            {each}
          </button>
        ))}
        <output class="figures" data-part="toned" aria-label={t('softphone.toned')} />
      </fieldset>
      <form class="phone-more" data-part="dial" hidden>
        <label for="phone-number">{t('softphone.dial.label')}</label>
        <input
          id="phone-number"
          name="phone"
          type="tel"
          class="input"
          autocomplete="off"
          aria-describedby="phone-wrong"
        />
        <button type="submit" class="button">
          {t('softphone.dial.submit')}
        </button>
        <p id="phone-wrong" class="mend" data-part="wrong" />
      </form>
      <fieldset class="phone-more" data-part="sound" hidden>
        <legend>{t('softphone.sound.title')}</legend>
        {(['microphone', 'speaker', 'ringer'] as const).map((each) => (
          <label key={each}>
            {t(`softphone.sound.${each}`)}
            <select class="input" data-device={each} />
          </label>
        ))}
        <label>
          {t('softphone.sound.volume')}
          <input type="range" min="0" max="100" step="5" data-part="volume" />
        </label>
        <label>
          {t('softphone.sound.level')}
          <meter min="0" max="1" low={0.02} optimum={0.5} data-part="level" />
        </label>
        {button('tone', t('softphone.sound.try'))}
      </fieldset>
    </section>
  );
}
