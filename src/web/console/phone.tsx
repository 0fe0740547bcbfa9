import type { ComponentChildren } from 'preact';
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

/** The viewer has no telephone of the exchange: the office or the desk has none. */
const NO_PHONE = { reason: 'no_phone' };

/** `POST /console/{office}/phone/credentials`: the credentials of this desk's browser for the exchange. */
export function phoneCredentials({ softphone }: StaffDeps) {
  return ({ c, viewer, office }: DeskVisit): Response | Promise<Response> => {
    c.header('Cache-Control', 'no-store');
    if (!mayAssist(viewer)) return c.notFound();
    if (!softphone.phoneOf(viewer, office)) return c.json(NO_PHONE, 409);
    const credentials = softphone.credentials(viewer, office);
    return credentials ? c.json(credentials) : c.json({ reason: 'no_secret' }, 503);
  };
}

/** `POST …/phone/caller`: the citizen with the calling number. */
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

/** `POST …/phone/call`: the result of a call. */
export function phoneCall({ softphone }: StaffDeps) {
  return async ({ c, viewer, office }: DeskVisit): Promise<Response> => {
    const result = await softphone.report(viewer, office, readReport(await readForm(c)));
    if (result.ok) return c.body(null, 204);
    if (result.reason === 'invalid') return c.json({ reason: 'invalid' }, 422);
    return mayAssist(viewer) ? c.json(NO_PHONE, 409) : c.notFound();
  };
}

/** `POST …/appointment/{id}/voicemail`: the automatically logged answer was a machine's. */
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
  const loss = number('loss');
  const jitter = number('jitter');
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

/**
 * The texts of the `softphone` island whose values the server can't know in advance. `#` stands for the
 * person or the thing.
 */
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
  /** The tabs that share the telephone's state: this person's in this office. */
  share: string;
  country: DeskVisit['office']['settings']['country'];
  prefix: string;
}

interface PhoneButtonProps {
  part: string;
  /** The style; quiet by default. */
  kind?: string;
  action?: ActionName;
  children?: ComponentChildren;
}

function PhoneButton({ part, kind = 'quiet', action, children }: PhoneButtonProps) {
  return (
    <button
      type="button"
      class={kind === 'link' ? 'link' : `button ${kind}`.trim()}
      data-part={part}
      data-action={action}
    >
      <span data-part={action && `${part}Words`}>{children ?? ''}</span>
      {action ? <Key action={action} /> : null}
    </button>
  );
}

/** The state of the telephone, and the possible actions. */
function PhoneLine({ t, base }: { t: Translate; base: string }) {
  return (
    <div class="phone-line">
      <p class="phone-state">
        <span class="tag plain" data-part="tag" /> <span data-part="about" />{' '}
        <span class="figures" data-part="clock" /> <span class="soft small" data-part="quality" />
      </p>
      <div class="phone-keys" data-part="live" hidden>
        <PhoneButton part="hangUp" kind="grave" action="hangUp">
          {t('softphone.hangUp')}
        </PhoneButton>
        <PhoneButton part="mute" action="mute">
          {t('softphone.mute')}
        </PhoneButton>
        <PhoneButton part="hold" action="hold">
          {t('softphone.hold')}
        </PhoneButton>
        <PhoneButton part="keypad" action="keypad">
          {t('softphone.keypad')}
        </PhoneButton>
        <PhoneButton part="voicemail">{t('softphone.voicemail')}</PhoneButton>
        <a href={`${base}/book`} data-part="bookTalking" hidden>
          {t('freeNow.book.forCaller')}
        </a>
      </div>
      <div class="phone-keys" data-part="idle" hidden>
        <PhoneButton part="here">{t('softphone.here')}</PhoneButton>
        <PhoneButton part="dialOpen" action="dial">
          {t('softphone.dial.title')}
        </PhoneButton>
        <PhoneButton part="soundOpen">{t('softphone.sound.title')}</PhoneButton>
      </div>
    </div>
  );
}

/** An incoming call. */
function PhoneRing({ t, base }: { t: Translate; base: string }) {
  return (
    <div class="phone-ring" data-part="incoming" hidden>
      <p>
        <b data-part="caller" />
      </p>
      <ul class="unmarked" data-part="found" />
      <p>
        <a href={`${base}/book`} data-part="bookRinging">
          {t('freeNow.book.forCaller')}
        </a>
      </p>
      <div class="phone-keys">
        <PhoneButton part="answer" kind="" action="answer">
          {t('softphone.answer')}
        </PhoneButton>
        <PhoneButton part="busy">{t('softphone.busy')}</PhoneButton>
        <PhoneButton part="decline" kind="grave" action="decline">
          {t('softphone.decline')}
        </PhoneButton>
      </div>
    </div>
  );
}

/** The questions about the last call. */
function PhoneProposal({ t, base }: { t: Translate; base: string }) {
  return (
    <div class="phone-line" data-part="proposal" hidden>
      <p data-part="proposed" />
      <div class="phone-keys">
        <PhoneButton part="log" kind="" />
        <a class="button quiet" data-part="other" href={base}>
          {t('softphone.other')}
        </a>
        <PhoneButton part="dismiss" kind="link">
          {t('softphone.dismiss')}
        </PhoneButton>
      </div>
    </div>
  );
}

function PhonePad({ t }: { t: Translate }) {
  return (
    <fieldset class="phone-more phone-pad" data-part="pad" hidden>
      <legend>{t('softphone.keypad')}</legend>
      {TONES.map((each) => (
        <button key={each} type="button" class="button quiet" data-tone={each}>
          {each}
        </button>
      ))}
      <output class="figures" data-part="toned" aria-label={t('softphone.toned')} />
    </fieldset>
  );
}

function PhoneDial({ t }: { t: Translate }) {
  return (
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
  );
}

function PhoneSound({ t }: { t: Translate }) {
  return (
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
      <PhoneButton part="tone">{t('softphone.sound.try')}</PhoneButton>
    </fieldset>
  );
}

/** Returns the island's texts. */
const wordsOf = (t: Translate) =>
  Object.fromEntries([
    ...WORDS.map((each) => [each, t(`softphone.${each}`, { who: '#' })]),
    ...OUTCOMES.map((each) => [each, t(`staff.outcome.${each}`)]),
    ...(['good', 'fair', 'poor'] as const).map((each) => [each, t(`softphone.quality.${each}`)]),
  ]);

/** The desk's telephone, in one place on every page. Without the island it isn't there: numbers are links. */
export function Phone({ t, base, phone, share, country, prefix }: PhoneProps) {
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
      data-words={JSON.stringify(wordsOf(t))}
    >
      <p class="hide" role="status" data-part="said" />
      <PhoneLine t={t} base={base} />
      <PhoneRing t={t} base={base} />
      <PhoneProposal t={t} base={base} />
      <PhonePad t={t} />
      <PhoneDial t={t} />
      <PhoneSound t={t} />
    </section>
  );
}
