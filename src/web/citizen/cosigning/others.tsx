import type { Cosigner } from '../../../features/service/cases/service.ts';
import type { Filling } from '../cases/filling.ts';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';

/** Returns who else must sign what was handed in: who has, and the links to send to those who have not. */
export async function othersOf(
  deps: Pick<CitizenDeps, 'cosigning' | 'baseUrl'>,
  { visit, form, opened }: Pick<Filling, 'form' | 'opened'> & { visit: CaseVisit },
) {
  const { viewer, office, found } = visit;
  const cosigners = (await deps.cosigning.ofCase(viewer, office, found.id)) ?? [];
  const isWaiting = form.cosigners?.state === opened.case.state;
  return <Others deps={deps} visit={visit} cosigners={cosigners} isWaiting={isWaiting} />;
}

function Others(props: {
  deps: Pick<CitizenDeps, 'cosigning' | 'baseUrl'>;
  visit: CaseVisit;
  cosigners: readonly Cosigner[];
  /** Whether the case waits for them. */
  isWaiting: boolean;
}) {
  const { deps, visit, cosigners, isWaiting } = props;
  const { t, to, dates } = visit;
  if (cosigners.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="others">
      <h2 id="others">{t('cosign.others.title')}</h2>
      {isWaiting ? <p>{t('cosign.others.text')}</p> : null}
      <ul class="sent">
        {cosigners.map(({ id, nth, name, answered, isWritten }) => (
          <li key={id} class="stack">
            <p>
              <strong class="said">{name}</strong>{' '}
              {answered
                ? t(`cosign.others.${answered.how}`, { when: dates.longDay(answered.at) })
                : t('cosign.others.waiting')}
            </p>
            {answered || !isWaiting ? null : (
              <div class="field no-print">
                <label for={`cosign-${nth}`}>
                  {t(isWritten ? 'cosign.others.written' : 'cosign.others.send')}
                </label>
                <input
                  id={`cosign-${nth}`}
                  type="text"
                  readonly
                  value={`${deps.baseUrl}${to.cosign(deps.cosigning.secretOf(id))}`}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
