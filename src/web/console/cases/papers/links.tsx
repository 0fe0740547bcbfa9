import type { FileAnswer } from '../../../../domain/form/answers/things.ts';
import type { OpenedCase } from '../../../../features/service/cases/types.ts';
import { mayRelease } from '../../../../features/service/documents/rules.ts';
import { formatSize } from '../../../words/documents.tsx';
import type { DeskVisit } from '../../visit.tsx';

/** The files of a case, and where they open. */
export interface PapersAt {
  visit: DeskVisit;
  papers: OpenedCase['papers'];
  /** The address below which they open. */
  at: string;
  /** Whether a file that the antivirus can't look into is let pass there. */
  releases?: boolean;
}

/** The files of an answer: each opens once it was checked; otherwise why it does not. */
export function PaperLinks(props: PapersAt & { files: readonly FileAnswer[] }) {
  const { visit, papers, at, files, releases = true } = props;
  const { t } = visit;
  return (
    <ul class="plain">
      {files.map(({ document, name, bytes }) => {
        const paper = papers.find(({ id }) => id === document);
        const isOpen = paper?.state === 'clean';
        return (
          <li key={document}>
            {isOpen ? (
              <a
                href={`${at}/papers/${document}`}
                download={name}
                aria-label={t('caseDesk.paper.open', { name })}
              >
                {name}
              </a>
            ) : (
              name
            )}{' '}
            <span class="soft">{formatSize(t, bytes)}</span>
            {isOpen ? null : <span class="line small mend">{whyNot(paper, t)}</span>}
            {paper?.state === 'unscannable' && releases ? (
              <Release visit={visit} name={name} address={`${at}/papers/${document}/release`} />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

/** Lets a file pass that the antivirus can't look into; who can't do it reads who can. */
function Release(props: { visit: DeskVisit; name: string; address: string }) {
  const { visit, name, address } = props;
  const { t, viewer } = visit;
  if (!mayRelease(viewer)) return <span class="line small">{t('documents.desk.releaseWho')}</span>;
  return (
    <form method="post" action={address} class="line">
      <button
        type="submit"
        class="button quiet small"
        aria-label={t('caseDesk.paper.release', { name })}
      >
        {t('documents.desk.release')}
      </button>{' '}
      <span class="small soft">{t('caseDesk.paper.releaseText')}</span>
    </form>
  );
}

/** Returns why a paper does not open, and what helps. */
function whyNot(paper: OpenedCase['papers'][number] | undefined, t: DeskVisit['t']): string {
  switch (paper?.state) {
    case 'receiving':
    case 'checking':
    case 'error':
      return t('caseDesk.paper.later');
    case 'unscannable':
      return t('caseDesk.paper.cannot');
    default:
      return t('caseDesk.paper.ask');
  }
}
