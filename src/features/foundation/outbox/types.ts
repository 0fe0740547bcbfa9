/** A message that was taken from an outbox to be sent. */
export interface Taken {
  id: string;
  /** Which try this is: 1, 2, 3 … */
  attempts: number;
}

/** What became of one attempt. */
export type Delivery = { ok: true } | Failure;

export interface Failure {
  ok: false;
  /** This message will never be taken. */
  permanent: boolean;
  /** Somebody was there and said no, rather than nobody. */
  answered: boolean;
  /** For logs: names nobody. */
  code: string;
  /** For the outbox: may name the recipient. */
  reason: string;
}

/** What the workers say of their work; loggers of pino do. Ids and codes only: nobody is named. */
export interface WorkerLog {
  info(what: object, message: string): void;
  warn(what: object, message: string): void;
  error(what: object, message: string): void;
}
