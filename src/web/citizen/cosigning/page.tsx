import { filesIn } from '../../../domain/form/files.ts';
import { contextOf } from '../../../features/service/cases/rules.ts';
import type { ToCosign } from '../../../features/service/cases/service.ts';
import { Button, ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { sendFile } from '../../files/served.ts';
import { readForm } from '../../form.ts';
import { formatSize } from '../../words/documents.tsx';
import { Summary } from '../cases/summary.tsx';
import { lookAgain } from '../payment/looking.ts';
import { problem } from '../problem.tsx';
import { Reach } from '../reaching.tsx';
import { HowItStands } from '../signing/standing.tsx';
import type { CitizenDeps } from '../visit.tsx';
import { type CosignVisit, toIdentify } from './find.ts';
import { goToSign, HowSigned, SignHere, type Signing, signingOf } from './signing.tsx';

/**
 * `/{language}/cosign/{secret}`: what somebody must sign that another person handed in. The link alone shows nothing of it: they identify first, and
 * anybody else than the person who was named is told no more.
 */
export function cosignPage(deps: CitizenDeps) {
  const show = async (visit: CosignVisit, isChanged = false): Promise<Response> => {
    const { viewer, office, found, secret } = visit;
    const done = await deps.cosigning.open(viewer, office, found.id);
    if (done.ok)
      return showFound(visit, done.found, await signingOf(deps, visit, done.found), isChanged);
    if (done.reason === 'level') return toIdentify(visit, secret);
    return problem(visit, done.reason === 'other' ? 'other_signer' : 'no_case');
  };
  return {
    get: (visit: CosignVisit) => show(visit),

    post: async (visit: CosignVisit): Promise<Response> => {
      const { c, office, viewer, found, to, secret } = visit;
      const form = await readForm(c);
      const hash = form.text('hash');
      const done =
        form.text('act') === 'decline'
          ? await deps.cosigning.decline(viewer, office, found.id)
          : await deps.cosigning.sign(viewer, office, found.id, hash);
      if (!done.ok && done.reason === 'needs_signature') {
        const went = await goToSign(deps, visit, { hash, way: form.text('way') });
        return went === 'changed' ? show(visit, true) : went;
      }
      if (!done.ok && done.reason === 'changed') return show(visit, true);
      // What became of it stands on the page, also where it was answered before.
      return visit.redirect(to.cosign(secret));
    },
  };
}

/** `/{language}/cosign/{secret}/download/{document}`: a file of what somebody must sign. */
export const cosignPaper =
  ({ cosigning }: Pick<CitizenDeps, 'cosigning'>) =>
  async (visit: CosignVisit): Promise<Response> => {
    const { c, office, viewer, found } = visit;
    const document = c.req.param('document') ?? '';
    const opened = await cosigning.openPaper(viewer, office, found.id, document);
    return opened ? sendFile(c, opened) : problem(visit, 'not_found');
  };

function showFound(
  visit: CosignVisit,
  found: ToCosign,
  signing: Signing,
  isChanged: boolean,
): Response {
  const { t, office } = visit;
  const { record, form, isOpen } = found;
  const isUnsigned = !found.cosigner.answered && !found.isSigned;
  const isWaiting = !found.cosigner.answered && found.isSigned;
  const { stands } = signing;
  if (isWaiting && stands.kind === 'signed')
    lookAgain(visit, stands.signature.decidedAt ?? stands.signature.begunAt);
  const title = titleOf(visit, found);
  const at = Temporal.Instant.from(record.handedInAt);
  const context = contextOf(office, at, visit.language);
  return visit.show(
    { title, isPersonal: true, ...(isChanged && { status: 409 }) },
    <>
      <p class="place">{record.name}</p>
      <h1>{title}</h1>
      <p class="lead">{leadOf(visit, found)}</p>
      {found.cosigner.answered?.number ? (
        <p class="no-print">
          <a href={visit.to.cosign(visit.secret, 'receipt')}>{t('receipt.open')}</a>
        </p>
      ) : null}
      <HowSigned visit={visit} signing={signing} />
      {isWaiting ? (
        <p>
          <ButtonLink href={visit.to.cosign(visit.secret)}>{t('payment.waiting.look')}</ButtonLink>
        </p>
      ) : null}
      {isUnsigned ? <HowItStands visit={visit} stands={stands} /> : null}
      {isChanged ? (
        <Notice kind="warn">
          <p>{t('cosign.changed')}</p>
        </Notice>
      ) : null}
      <section class="stack" aria-labelledby="answers">
        <h2 id="answers">{t('cosign.answers', { reference: record.reference })}</h2>
        <Summary form={form} answers={record.answers} context={context} t={t} headings={3} />
      </section>
      <Papers visit={visit} found={found} />
      {isOpen ? <Answer visit={visit} found={found} signing={signing} /> : null}
      <Reach visit={visit} lead={t('citizen.problem.call')} />
    </>,
  );
}

function titleOf({ t }: CosignVisit, { cosigner: { answered }, isOpen, isSigned }: ToCosign) {
  if (answered) return t(`cosign.${answered.how}.title`);
  if (isSigned) return t('cosign.signed.title');
  return t(isOpen ? 'cosign.title' : 'cosign.over.title');
}

function leadOf({ t, dates }: CosignVisit, found: ToCosign) {
  const { cosigner, applicant, isOpen, isSigned } = found;
  const { answered } = cosigner;
  if (answered)
    return t(`cosign.${answered.how}.text`, {
      when: `${dates.longDay(answered.at)}, ${dates.time(answered.at)}`,
      number: answered.number ?? '',
    });
  if (isSigned) return t('cosign.registering');
  return isOpen
    ? t('cosign.lead', { name: applicant || t('cosign.somebody') })
    : t('cosign.over.text');
}

/** The files that were handed in, each with its fingerprint, which is what is signed of it. */
function Papers({ visit, found }: { visit: CosignVisit; found: ToCosign }) {
  const { t, to, secret } = visit;
  const files = filesIn(found.form, found.record.answers);
  if (files.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="papers">
      <h2 id="papers">{t('cosign.papers')}</h2>
      <ul class="sent">
        {files.map(({ file }) => {
          const paper = found.papers.find(({ id }) => id === file.document);
          return (
            <li key={file.document}>
              {paper?.state === 'clean' ? (
                <a href={to.cosign(secret, `download/${file.document}`)} download={file.name}>
                  {file.name}
                </a>
              ) : (
                <span class="said">{file.name}</span>
              )}{' '}
              <span class="soft">{formatSize(t, file.bytes)}</span>
              {paper?.state === 'clean' ? null : <p class="soft">{t('cosign.paper')}</p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Answer(props: { visit: CosignVisit; found: ToCosign; signing: Signing }) {
  const { visit, found, signing } = props;
  const { t, to, secret } = visit;
  const here = to.cosign(secret);
  return (
    <section class="stack" aria-labelledby="sign">
      <h2 id="sign">{t('cosign.sign.title')}</h2>
      <SignHere visit={visit} found={found} signing={signing} />
      <details>
        <summary>{t('cosign.decline.title')}</summary>
        <p>{t('cosign.decline.text')}</p>
        <form action={here} method="post">
          <Button kind="quiet" name="act" value="decline">
            {t('cosign.decline.button')}
          </Button>
        </form>
      </details>
    </section>
  );
}
