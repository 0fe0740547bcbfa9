import type { Context as Request } from 'hono';
import { LANGUAGES } from '../../lib/i18n/languages.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import { isFileForm, readFileForm } from '../files/upload.ts';
import { type Form, FormError, formOf, readForm } from '../form.ts';
import { SECRET_FIELDS } from '../operation/unavailable.tsx';
import type { StaffVisit } from './visit.tsx';

/** The most bytes of a form of somebody without a session, with the files that are in it. */
const MOST_BYTES = 512 * 1024;
/** The most texts, and the most characters of all of them, that are shown to be copied. */
const MOST_TEXTS = 200;
const MOST_SHOWN = 256 * 1024;

/** Fields that are shown even with one word in them: they have nothing but what a person wrote. */
const TYPED =
  /^(?:notes?|email|name|url|identityNote|reasons?|why|comment|item-\d+-label|message|words|forAll|details|question|appeal|text|law|point-.*|reason-.+)$/;
/** Fields of a text that is written in several languages. */
const IN_LANGUAGES = new RegExp(`-(?:${LANGUAGES.join('|')})$`);
/** Fields that pages fill in themselves, some of them with texts that were saved before. */
const FILLED_IN: ReadonlySet<string> = new Set([
  ...['base', 'stand', 'was', 'seen', 'before', 'version', 'key', 'once', 'agreed', 'right'],
  ...['act', 'action', 'do', 'step', 'back', 'next', 'beside', 'rows', 'booked', 'behalf', 'kept'],
  ...['sealed', 'chosen', 'one', 'confirmed'],
]);

/** Returns whether a person wrote this text. Values that a form sets itself have no white space. */
const isTyped = (name: string, text: string): boolean =>
  !SECRET_FIELDS.has(name) &&
  !FILLED_IN.has(name) &&
  (TYPED.test(name) || IN_LANGUAGES.test(name) ? text !== '' : /\S\s+\S/.test(text));

/**
 * Reads the form of somebody whose session ended. Of a form with files it reads the texts only; a form that can't be read counts as empty. `addressOf`:
 * returns the client's address.
 */
export async function readUnsaved(c: Request, addressOf: () => string): Promise<Form> {
  try {
    if (!isFileForm(c)) return await readForm(c, MOST_BYTES);
    const address = addressOf();
    const from = { link: address, address };
    using read = await readFileForm(c, MOST_BYTES, from, 'signedOut');
    return formOf(read.ok ? read.form.fields() : []);
  } catch (error) {
    if (error instanceof FormError) return formOf([]);
    throw error;
  }
}

/** The texts of a form that wasn't accepted, to be copied. */
export function Typed(props: { t: Translate; fields: readonly [name: string, text: string][] }) {
  const { t, fields } = props;
  const texts = fields.flatMap(([name, text]) => (isTyped(name, text) ? [text] : []));
  let shown = 0;
  const typed = [...new Set(texts)].slice(0, MOST_TEXTS).filter((each) => {
    shown += each.length;
    return shown <= MOST_SHOWN;
  });
  return typed.length > 0 ? (
    <section class="stack" aria-labelledby="typed">
      <h2 id="typed">{t('staff.ended.typed')}</h2>
      {typed.map((each) => (
        <p key={each} class="typed">
          {each}
        </p>
      ))}
    </section>
  ) : null;
}

/** Answers a form whose session ended: nothing typed is lost, the page has it to be copied. */
export function sessionEnded(visit: StaffVisit, form: Form): Response {
  const { t } = visit;
  return visit.show(
    { title: t('staff.ended.title'), status: 401 },
    <>
      <h1>{t('staff.ended.title')}</h1>
      <p>{t('staff.ended.text')}</p>
      <Typed t={t} fields={form.fields()} />
      <p>
        <ButtonLink href="/staff/sign-in">{t('staff.signIn.submit')}</ButtonLink>
      </p>
    </>,
  );
}

/**
 * Answers too many tries: the time to return, in words and in the header. `otherwise`: the alternative
 * without a wait.
 */
export function tooMany(visit: StaffVisit, seconds: number, otherwise?: string): Response {
  const { t, c } = visit;
  c.header('Retry-After', String(seconds));
  return visit.show(
    { title: t('staff.tooMany.title'), status: 429 },
    <>
      <h1>{t('staff.tooMany.title')}</h1>
      <p class="lead">{t('staff.tooMany.text', { minutes: Math.ceil(seconds / 60) })}</p>
      {otherwise ? <p>{otherwise}</p> : null}
      <p>
        <a href="/staff/sign-in">{t('staff.signIn.title')}</a>
      </p>
    </>,
  );
}
