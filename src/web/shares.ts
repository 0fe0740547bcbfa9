/** Who takes something: by whose link, and from where. A library's readers have one address and many links. */
export interface Sender {
  link: string;
  address: string;
}

/** What there is only so much of at once, given out so that nobody keeps the others waiting. */
export interface Shares {
  /**
   * Takes so much of it; null: there is not so much now, or not for them. Who has nothing of it yet is given whatever there is room
   * for; who has some, up to their share. `most`: how much there is, if it isn't what there always is.
   */
  take(from: Sender, amount: number, most?: number): (() => void) | null;
}

/** Shares of `most`: how much one link, and how much one address, may have beyond the first that they take. */
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
