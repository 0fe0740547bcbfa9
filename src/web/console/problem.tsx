import type { Translate } from '../../lib/i18n/translate.ts';
import { ButtonLink } from '../../ui/buttons.tsx';
import type { Form } from '../form.ts';
import type { StaffVisit } from './visit.tsx';

/** The fields of the console with free text. */
const TYPED = /^(?:notes|note|email|name|url|identityNote|reason|why|comment|item-\d+-label)$/;

/** The texts of a form that wasn't accepted, to be copied. */
export function Typed(props: { t: Translate; fields: readonly [name: string, text: string][] }) {
  const { t, fields } = props;
  const texts = fields.flatMap(([name, text]) => (TYPED.test(name) && text ? [text] : []));
  const typed = [...new Set(texts)];
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
