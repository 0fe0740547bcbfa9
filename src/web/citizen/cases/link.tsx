import type { Case } from '../../../features/service/cases/types.ts';
import type { CaseVisit, CitizenDeps } from '../visit.tsx';

interface KeepLinkProps {
  deps: Pick<CitizenDeps, 'baseUrl'>;
  visit: CaseVisit;
  found: Case;
}

/** The link to keep, whom it opens the case to, and a mail of one's own with it. */
export function KeepLink({ deps, visit, found }: KeepLinkProps) {
  const { t, to, secret } = visit;
  const address = `${deps.baseUrl}${to.case(secret)}`;
  const isOwn = found.level !== 'none';
  return (
    <section class="stack no-print" aria-labelledby="link">
      <h2 id="link">{t('case.link.title')}</h2>
      <p>{t(isOwn ? 'case.link.own' : 'case.link.anybody')}</p>
      <div class="field">
        <label for="address">{t('case.link.label')}</label>
        <input id="address" type="text" readonly value={address} />
      </div>
      <p>
        <a href={mailOf(t('case.link.subject'), address)}>{t('case.link.mail')}</a>
      </p>
      {isOwn ? (
        <p>
          {t('case.link.folder')} <a href={to.folder()}>{t('identify.bar.folder')}</a>
        </p>
      ) : null}
    </section>
  );
}

/** Returns the address that opens the reader's own mail program. */
const mailOf = (subject: string, body: string): string =>
  `mailto:?${new URLSearchParams({ subject, body }).toString().replaceAll('+', '%20')}`;
