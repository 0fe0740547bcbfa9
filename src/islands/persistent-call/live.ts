const live: (() => boolean)[] = [];

/** Adds a kind of call of this tab. Returns how many kinds there are. */
export const watchLive = (isOneLive: () => boolean): number => live.push(isOneLive);

/** Returns whether a call goes on in this tab. */
export const isCallLive = (): boolean => live.some((each) => each());
