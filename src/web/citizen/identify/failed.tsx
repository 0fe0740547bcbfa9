import type { Failed } from '../../../features/foundation/identification/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Say } from '../../../ui/parts.tsx';
import { Reach } from '../reaching.tsx';
import type { CitizenDeps, Visit } from '../visit.tsx';

const STATUS = { away: 503, gone: 410 } as const;

/** Explains why nobody is identified, with the other ways. What was typed before is still there. */
export async function failed(
  deps: Pick<CitizenDeps, 'identification'>,
  visit: Visit,
  { reason, wanted }: Failed,
): Promise<Response> {
  const { t, to } = visit;
  const offered = await deps.identification.offered();
  const provider = offered.find(({ code }) => code === wanted?.provider);
  const name = provider ? <Say of={provider.name} t={t} /> : null;
  const isOfAct = wanted?.purpose.for === 'act';
  const title = t(`identify.failed.${reason}.title`);
  const status = reason in STATUS ? STATUS[reason as keyof typeof STATUS] : 200;
  return visit.show(
    { title, isPersonal: true, status },
    <>
      <h1>{title}</h1>
      {name ? <p class="soft">{name}</p> : null}
      <p class="lead">
        {reason === 'too_low'
          ? t('identify.failed.too_low.text', {
              level: t(`identify.level.${wanted?.level ?? 'substantial'}`),
            })
          : t(`identify.failed.${reason}.text`)}
      </p>
      <p>{t(isOfAct ? 'acts.identify.failed' : 'identify.failed.kept')}</p>
      <p>
        <ButtonLink href={wanted?.from ?? to.identify()}>{t('identify.failed.again')}</ButtonLink>
      </p>
      <Reach visit={visit} lead={t('identify.without.call')} />
      <p>
        <a href={wanted?.back ?? to.town}>
          {t(isOfAct ? 'acts.identify.back' : 'identify.failed.back')}
        </a>
      </p>
    </>,
  );
}
