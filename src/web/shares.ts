/**
 * The sender of something: their link, and their address. A library's readers have one address and many
 * links.
 */
export interface Sender {
  link: string;
  address: string;
}

/** A limited capacity, shared so that no sender blocks the others. */
export interface Shares {
  /**
   * Takes an amount; null: there isn't enough now, or not for this sender. A sender without any gets
   * whatever is free;
   * a sender with some, up to their share. `most`: the total, if it differs from the usual one.
   */
  take(from: Sender, amount: number, most?: number): (() => void) | null;
}

/**
 * Creates shares of `most`: one link and one address may have these amounts beyond the first that they take.
 */
export function createShares(most: number, share: { link: number; address: number }): Shares {
  let taken = 0;
  const byLink = new Map<string, number>();
  const byAddress = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, amount: number) => {
    const now = (to.get(key) ?? 0) + amount;
    if (now === 0) to.delete(key);
    else to.set(key, now);
  };
  const isFair = (has: number, amount: number, upTo: number) => has === 0 || has + amount <= upTo;
  return {
    take({ link, address }, amount, room = most) {
      const fits =
        taken + amount <= room &&
        isFair(byLink.get(link) ?? 0, amount, share.link) &&
        isFair(byAddress.get(address) ?? 0, amount, share.address);
      if (!fits) return null;
      const move = (by: number) => {
        taken += by;
        add(byLink, link, by);
        add(byAddress, address, by);
      };
      move(amount);
      let isBack = false;
      return () => {
        if (!isBack) move(-amount);
        isBack = true;
      };
    },
  };
}
