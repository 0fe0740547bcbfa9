import { fileQuestion, filesIn } from '../../../../domain/form/files.ts';
import { opensPapers } from '../../../../features/service/cases/service.ts';
import { isKept } from '../../../../features/service/documents/rules.ts';
import { formatSize, StandingTag } from '../../../words/documents.tsx';
import type { Filling } from '../filling.ts';
import { labelOf } from '../words.tsx';

/** The files that were handed in: how each stands with its check, and a way to fetch it for whoever was identified. */
export function HandedInPapers({ filling }: { filling: Filling }) {
  const { visit, form, opened } = filling;
  const { t, to, secret, viewer } = visit;
  const files = filesIn(form, opened.draft.answers);
  const mayOpen = opensPapers(viewer, opened.case);
  if (files.length === 0) return null;
  const paperOf = (id: string) => opened.papers.find((each) => each.id === id);
  return (
    <section class="stack" aria-labelledby="case-papers">
      <h2 id="case-papers">{t('case.papers.title')}</h2>
      <ul class="sent">
        {files.map(({ name, file }) => {
          const paper = paperOf(file.document);
          const question = fileQuestion(form, name);
          const why = paper && !isKept(paper.state) ? t('case.papers.refused') : null;
          return (
            <li key={file.document} class="stack">
              {question ? <p class="soft">{labelOf(question, t)}</p> : null}
              <p class="row">
                <span class="said">{file.name}</span>
                <span class="soft">{formatSize(t, file.bytes)}</span>
                {paper ? <StandingTag t={t} entry={{ state: paper.state, review: null }} /> : null}
              </p>
              {why ? <p class="soft">{why}</p> : null}
              {paper?.state === 'clean' && mayOpen ? (
                <p>
                  <a href={to.case(secret, `download/${file.document}`)} download={file.name}>
                    {t('case.papers.open')}
                    <span class="hide"> {file.name}</span>
                  </a>
                </p>
              ) : null}
            </li>
          );
        })}
      </ul>
      {mayOpen ? null : <p class="soft">{t('case.papers.identify')}</p>}
    </section>
  );
}
