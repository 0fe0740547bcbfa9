import type { Office } from '../../../../domain/office/types.ts';
import { Broken, seal, unseal } from '../../../../lib/envelope/seal.ts';
import type { KeyVersion, PurposeKey } from '../../../../lib/secrets.ts';
import type { StaffViewer } from '../../../../lib/viewer.ts';
import type { GraphWish } from './connecting.ts';
import { jsonIn, objectOf, textAt } from './json.ts';

/**
 * The `state` of a sign-in at Microsoft (RFC 6749, 10.12): what the person wants, sealed for their session. Nothing of it is kept here, and
 * in another session it opens nothing. Before the first point stands the office's code, so that the common callback finds the office.
 */
interface Bound {
  viewer: Pick<StaffViewer, 'staff'>;
  office: Pick<Office, 'id' | 'code'>;
  /** Id of the session. */
  session: string;
}

interface Kept {
  wish: GraphWish;
  until: Temporal.Instant;
}

const dataOf = ({ viewer, office, session }: Bound): Buffer =>
  Buffer.from(`calendar sign-in ${office.id} ${viewer.staff} ${session}`);

const keyOf = (by: KeyVersion, { office }: Bound): Buffer =>
  by.deriveKey(`calendar sign-in ${office.id}`);

export function sealState(key: PurposeKey, bound: Bound, { wish, until }: Kept): string {
  const by = key.at(key.version);
  const clear = Buffer.from(JSON.stringify({ ...wish, until: until.toString() }));
  const sealed = seal(keyOf(by, bound), dataOf(bound), clear).toString('base64url');
  return `${bound.office.code}.${sealed}`;
}

/** Returns what a state was made of; null: it is not one of this session in this office. */
export function openState(key: PurposeKey, bound: Bound, state: string): Kept | null {
  const [code, sealed] = state.split('.');
  if (code !== bound.office.code || !sealed) return null;
  for (const by of key.live()) {
    try {
      const bytes = Buffer.from(sealed, 'base64url');
      return keptIn(unseal(keyOf(by, bound), dataOf(bound), bytes));
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
    }
  }
  return null;
}

function keptIn(clear: Buffer): Kept {
  const kept = objectOf(jsonIn(clear));
  const is = (name: string) => kept[name] === true;
  return {
    wish: {
      desk: textAt(kept, 'desk') || null,
      renews: textAt(kept, 'renews') || null,
      reads: is('reads'),
      writes: is('writes'),
      names: is('names'),
    },
    until: Temporal.Instant.from(textAt(kept, 'until')),
  };
}

/** Returns the office's code in a state, unchecked; '' when there is none. */
export const officeIn = (state: string): string => /^([a-z\d-]+)\./.exec(state)?.[1] ?? '';

/**
 * Returns the secret by which the code of a sign-in is of use to this installation alone (RFC 7636): at least 43 characters. It is made from
 * the state again, and is nowhere kept.
 */
export const verifierOf = (key: PurposeKey, state: string, session: string): string => {
  const by = key.live().at(-1) ?? key;
  return [1, 2].map((part) => by.derive(`calendar verifier ${part} ${state} ${session}`)).join('');
};
