/**
 * Does work batch after batch, each in a transaction of its own, until one does fewer than `most`: a run leaves nothing for the next one, however much
 * came since the last. `some`: does up to `most`, and returns how many. Returns how many in all.
 */
export async function inBatches(most: number, some: () => Promise<number>): Promise<number> {
  let all = 0;
  for (;;) {
    const done = await some();
    all += done;
    if (done < most) return all;
  }
}
