import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type pg from 'pg';
import { isByNewest, type StaffKeys, sealingOf } from './secrets.ts';
import { replaceSealed } from './store.ts';
import { readSealed } from './views.ts';

/** Encrypts the secrets of authenticators again with the key in use, while people sign in. */
export interface Rewrapping {
  /** Returns how many it encrypted. It can be repeated, and continues after an interruption. */
  rewrapSecrets(): Promise<number>;
}

export function createRewrapping(keys: StaffKeys, pool: pg.Pool): Rewrapping {
  const sealing = sealingOf(keys);
  const older = async () =>
    (await readSealed(pool)).filter((each) => !isByNewest(keys, each.sealed));

  return {
    async rewrapSecrets() {
      let done = 0;
      for (const { of, id, sealed } of await older()) {
        const clear = await symmetricDecrypt({ key: sealing, data: sealed }).catch(() => null);
        // An ended key encrypted it, so it was not usable any more.
        if (clear === null) continue;
        const anew = await symmetricEncrypt({ key: sealing, data: clear });
        if (await replaceSealed(pool, { of, id, sealed }, anew)) done++;
      }
      return done;
    },
  };
}
