import { type SigningWay, signingWaysOf } from '../../../domain/form/online.ts';
import type { Form } from '../../../domain/form/schema.ts';
import type { Translate } from '../../../lib/i18n/translate.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';

/** Returns the ways by which a form can be signed here now. */
export async function waysFor(
  deps: Pick<CitizenDeps, 'signatures'>,
  form: Pick<Form, 'sign'>,
): Promise<SigningWay[]> {
  const wanted = signingWaysOf(form);
  if (wanted.length === 0) return [];
  const open = await deps.signatures.ways();
  return wanted.filter((each) => open.includes(each));
}

/** A way as its texts name it. `demo`: the stand-in for VÀLid. */
type Kind = SigningWay | 'demo';

/** Returns the ways as their texts name them here. */
export async function kindsOf(
  deps: Pick<CitizenDeps, 'signatures'>,
  ways: readonly SigningWay[],
): Promise<Kind[]> {
  const isDemo = await deps.signatures.isDemo('valid');
  return ways.map((way) => (way === 'valid' && isDemo ? 'demo' : way));
}

/** What the only way needs, or that there is a choice. */
export function ChoiceLead({ t, kinds }: { t: Translate; kinds: readonly Kind[] }) {
  const [only] = kinds;
  return (
    <p class="lead">
      {kinds.length === 1 && only ? t(`signature.lead.${only}`) : t('signature.ways.lead')}
    </p>
  );
}

/** The button of the only way, or the ways under each other with what each needs. `heading`: the rank of their headings. */
export function Choice({
  t,
  ways,
  kinds,
  heading: Heading = 'h2',
}: {
  t: Translate;
  ways: readonly SigningWay[];
  kinds: readonly Kind[];
  heading?: 'h2' | 'h3';
}) {
  return (
    <>
      {ways.map((way, nth) => {
        const kind = kinds[nth] ?? way;
        const button = (
          <Button name="way" value={way} kind={nth === 0 ? 'main' : 'quiet'}>
            {t(`signature.go.${kind}`)}
          </Button>
        );
        return ways.length === 1 ? (
          button
        ) : (
          <section class="stack" key={way} aria-labelledby={`by-${way}`}>
            <Heading id={`by-${way}`}>{t(`signature.ways.${kind}`)}</Heading>
            <p>{t(`signature.lead.${kind}`)}</p>
            <p>{button}</p>
          </section>
        );
      })}
    </>
  );
}

/** Sends the browser on by a page of ours: a form that leads elsewhere by redirects would be stopped by our own `form-action`. */
export function showGoing(visit: Visit, url: string): Response {
  const { t } = visit;
  const title = t('signature.going');
  return visit.show(
    { title, isPersonal: true, refresh: url },
    <>
      <h1>{title}</h1>
      <p class="lead">{t('identify.going.text')}</p>
      <p>
        <ButtonLink href={url}>{t('identify.going.button')}</ButtonLink>
      </p>
    </>,
  );
}
