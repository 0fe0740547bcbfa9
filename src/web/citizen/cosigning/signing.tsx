import { SIGNING_WAYS, type SigningWay, signingWaysOf } from '../../../domain/form/online.ts';
import type { ToCosign } from '../../../features/service/cases/service.ts';
import { signatureStanding } from '../../../features/service/signatures/rules.ts';
import type { SignatureShown } from '../../../features/service/signatures/types.ts';
import { Button } from '../../../ui/buttons.tsx';
import { sendBytes } from '../../files/served.ts';
import { signatureText } from '../../words/signatures.ts';
import { showTooMany } from '../payment/too-many.tsx';
import { problem } from '../problem.tsx';
import { Choice, ChoiceLead, kindsOf, showGoing, waysFor } from '../signing/choice.tsx';
import type { Standing } from '../signing/standing.tsx';
import type { CitizenDeps } from '../visit.tsx';
import { type CosignVisit, toIdentify } from './find.ts';

/** How somebody who must sign does so, and how it stands. */
export interface Signing {
  /** Whether a session is not enough. */
  isElsewhere: boolean;
  /** The ways by which they can sign here now. */
  ways: readonly SigningWay[];
  kinds: Awaited<ReturnType<typeof kindsOf>>;
  stands: Standing;
}

/** Returns how somebody signs what they look at. */
export async function signingOf(
  deps: Pick<CitizenDeps, 'signatures'>,
  { viewer, office, found }: CosignVisit,
  { form }: ToCosign,
): Promise<Signing> {
  const isElsewhere = signingWaysOf(form).length > 0;
  const ways = await waysFor(deps, form);
  const all = isElsewhere ? await deps.signatures.ofCosigner(viewer, office, found.id) : [];
  const stands = signatureStanding<SignatureShown>(all ?? [], 0);
  return { isElsewhere, ways, kinds: await kindsOf(deps, ways), stands };
}

/** The buttons with which somebody signs: by their session, or the ways that the form asks for. */
export function SignHere(props: { visit: CosignVisit; found: ToCosign; signing: Signing }) {
  const { visit, found, signing } = props;
  const { t, to, secret } = visit;
  const { isElsewhere, ways, kinds } = signing;
  if (isElsewhere && ways.length === 0) return <p class="note">{t('cosign.sign.closed')}</p>;
  return (
    <>
      {isElsewhere ? <ChoiceLead t={t} kinds={kinds} /> : null}
      <p>{t(isElsewhere ? 'cosign.sign.elsewhere' : 'cosign.sign.text')}</p>
      <form action={to.cosign(secret)} method="post" class="form">
        <input type="hidden" name="hash" value={found.hash} />
        {isElsewhere ? (
          <Choice t={t} ways={ways} kinds={kinds} heading="h3" />
        ) : (
          <Button name="act" value="sign">
            {t('cosign.sign.button')}
          </Button>
        )}
      </form>
    </>
  );
}

/** By what somebody signed, with the signature to download; nothing where it was by their session. */
export function HowSigned({ visit, signing }: { visit: CosignVisit; signing: Signing }) {
  const { t, dates, to, secret } = visit;
  const { stands } = signing;
  if (stands.kind !== 'signed') return null;
  return (
    <>
      <p>{signatureText(stands.signature, { t, dates })}</p>
      <p class="row no-print">
        <a href={to.cosign(secret, 'signature')}>{t('signature.download')}</a>
        <a href={to.cosign(secret, 'signature/content')}>{t('signature.download.content')}</a>
      </p>
    </>
  );
}

/** Sends somebody to where they sign. `changed`: what they read is another thing than what is signed. */
export async function goToSign(
  deps: Pick<CitizenDeps, 'signatures'>,
  visit: CosignVisit,
  { hash, way: named }: { hash: string; way: string },
): Promise<Response | 'changed'> {
  const { c, viewer, office, found, to, secret, language } = visit;
  const way = SIGNING_WAYS.find((each) => each === named) ?? SIGNING_WAYS[0];
  const cookie = c.req.header('Cookie') ?? '';
  const what = { way, language, hash, cookie };
  const begun = await deps.signatures.beginCosigning(viewer, office, found.id, what);
  if (begun.ok) {
    c.header('Set-Cookie', begun.cookie, { append: true });
    const { pathname, search } = new URL(begun.url);
    return begun.isHere ? visit.redirect(pathname + search) : showGoing(visit, begun.url);
  }
  switch (begun.reason) {
    case 'changed':
      return 'changed';
    case 'level':
      return toIdentify(visit, secret);
    case 'other':
      return problem(visit, 'other_signer');
    case 'too_many':
      return showTooMany(visit, to.cosign(secret));
    default:
      // Why stands on the page.
      return visit.redirect(to.cosign(secret));
  }
}

/** `/{language}/cosign/{secret}/signature` and `…/content`: the signature of somebody who must sign, and what they signed. */
export const cosignedFile =
  ({ signatures }: Pick<CitizenDeps, 'signatures'>, what: 'signature' | 'content') =>
  async (visit: CosignVisit): Promise<Response> => {
    const { c, viewer, office, found } = visit;
    const file = await signatures.cosignedFile(viewer, office, found.id, what);
    return file ? sendBytes(c, file) : problem(visit, 'not_found');
  };
