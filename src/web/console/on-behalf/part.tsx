import type { ActEntry } from '../../../features/service/consent/types.ts';
import type { Filling } from '../../citizen/cases/filling.ts';
import { ActTag } from '../../words/acts.tsx';
import type { AssistedVisit } from '../filling/visit.tsx';
import { Key } from '../key.tsx';
import type { StaffDeps } from '../visit.tsx';

type Acts = Awaited<ReturnType<StaffDeps['casesByAct']['actsOf']>>;

/** Returns by which acts a form can be handed in for its citizen; null: by none. */
export async function actsOfForm(
  deps: Pick<StaffDeps, 'casesByAct'>,
  { visit }: Filling<AssistedVisit>,
): Promise<Acts> {
  const { viewer, office, found, encounter } = visit;
  return encounter.isUnderway ? deps.casesByAct.actsOf(viewer, office, found.id) : null;
}

/** The way to hand a form in for somebody who can't do it electronically, and what they were asked before. */
export function OnBehalfPart({ filling, acts }: { filling: Filling<AssistedVisit>; acts: Acts }) {
  const { visit, checked } = filling;
  const { t, desk, found } = visit;
  if (!acts || acts.options.acts.length === 0) return null;
  return (
    <section class="stack" id="on-behalf" aria-labelledby="on-behalf-title">
      <h2 id="on-behalf-title">{t('onBehalf.title')}</h2>
      {acts.acts.length > 0 ? (
        <ul class="unmarked">
          {acts.acts.map((each) => (
            <li key={each.id}>
              <Asked filling={filling} appointment={acts.appointment} act={each} />
            </li>
          ))}
        </ul>
      ) : null}
      {checked.ok ? (
        <p>
          <a href={`${desk.base}/on-behalf/${found.id}`} data-action="onBehalf">
            {t('onBehalf.title')}
          </a>{' '}
          <Key action="onBehalf" />
        </p>
      ) : (
        <p>{t('onBehalf.missing')}</p>
      )}
    </section>
  );
}

function Asked(props: { filling: Filling<AssistedVisit>; appointment: string; act: ActEntry }) {
  const { filling, appointment, act } = props;
  const { t, desk, dates } = filling.visit;
  return (
    <>
      <a href={`${desk.base}/appointment/${appointment}/acts/${act.id}#acts`}>
        {t('onBehalf.asked', { time: dates.time(act.preparedAt) })}
      </a>{' '}
      <ActTag t={t} state={act.state} />
    </>
  );
}
