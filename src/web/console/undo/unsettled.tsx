import type { ActEntry } from '../../../features/service/consent/types.ts';
import type { DocumentEntry } from '../../../features/service/documents/types.ts';
import { Notice } from '../../../ui/parts.tsx';
import { actName } from '../acts/acts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** What is still open about an appointment when its encounter is closed. */
export interface Unsettled {
  /** Acts that wait for the citizen's answer: they expire with the encounter. */
  acts: readonly ActEntry[];
  /** How many of the citizen's documents are neither accepted nor to be sent again. */
  papers: number;
}

/** Reads what is still open; null: nothing that this viewer may see. */
export async function readUnsettled(
  deps: Pick<StaffDeps, 'consent' | 'documents'>,
  { viewer, office }: Pick<DeskVisit, 'viewer' | 'office'>,
  appointment: string,
): Promise<Unsettled | null> {
  const acts = (await deps.consent.list(viewer, office, appointment)) ?? [];
  const papers = (await deps.documents.list(viewer, office, appointment)) ?? [];
  const found = {
    acts: acts.filter((each) => each.state === 'prepared'),
    papers: papers.filter(isUnreviewed).length,
  };
  return found.acts.length + found.papers > 0 ? found : null;
}

const isUnreviewed = ({ kind, state, review, destroyedAt }: DocumentEntry): boolean =>
  kind === 'inbox' && state === 'clean' && review === null && destroyedAt === null;

/** The question before an encounter is closed with things still open. */
export function UnsettledNotice({ visit, open }: { visit: DeskVisit; open: Unsettled }) {
  const { t } = visit;
  return (
    <div id="unsettled">
      <Notice kind="warn">
        <h3>{t('unsettled.title')}</h3>
        <ul>
          {open.acts.map((each) => (
            <li key={each.id}>
              <a href="#acts">{t('unsettled.act', { act: actName(visit, each) })}</a>
            </li>
          ))}
          {open.papers > 0 ? (
            <li>
              <a href="#documents">{t('unsettled.papers', { count: open.papers })}</a>
            </li>
          ) : null}
        </ul>
        <p>{t('unsettled.text')}</p>
      </Notice>
    </div>
  );
}
