import type { Assets } from '../assets.ts';
import { CITIZEN_GUIDES, type ExplainedPage } from '../files/guides.ts';
import type { Visit } from './visit.tsx';

/** The link to the guide that explains a page, in the reader's language; nothing where the build has no documentation. */
export function GuideLink(props: {
  visit: Pick<Visit, 't'>;
  assets: Pick<Assets, 'documentation'>;
  page: ExplainedPage;
}) {
  const { t } = props.visit;
  const address = props.assets.documentation(t.language, CITIZEN_GUIDES[props.page]);
  return address ? (
    <p>
      <a href={address}>{t(`guide.${props.page}`)}</a>
    </p>
  ) : null;
}
