/** What a challenge lets somebody do, and whom: it is good for nothing else. */
export interface Purpose {
  office: number;
  procedure: string;
  channel: string;
  language: string;
  /** The start of the time that is to be kept, or the form that puts somebody on the waiting list. */
  what: string;
  /** A keyed hash of the network address. */
  sender: Buffer;
}

/** What a browser is given to work at. */
export interface Challenge {
  /** Comes back with the answer. */
  ticket: string;
  /** The number to find is the one below `below` for which SHA-256 of `salt.number` is this, in hexadecimal. */
  target: string;
  salt: string;
  below: number;
}

export type Verdict =
  | { verdict: 'passed' }
  /** Without an answer, and the wait isn't over: so many seconds more, then the same challenge is good. */
  | { verdict: 'early'; seconds: number; challenge: Challenge }
  /** Ended, forged, made for something else, or the answer is wrong. */
  | { verdict: 'void' };
